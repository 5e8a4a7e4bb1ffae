// The images that were found.
import { nameOf } from "./query.js";

export class Hits {
  #list = document.getElementById("hits");
  #template = document.getElementById("hit-template");
  #whole = document.getElementById("whole");
  // An image that is found again keeps its element: it moves instead of blinking, and keeps the focus.
  #known = new Map();

  /**
   * @param onRefine is called with the image to go on from.
   * @param onAdd is called with the image to add to the query.
   * @param onJudge is called with the image and the side, "liked" or "disliked", to put it on or take it off.
   */
  constructor(onRefine, onAdd, onJudge) {
    this.onRefine = onRefine;
    this.onAdd = onAdd;
    this.onJudge = onJudge;
  }

  set busy(value) {
    this.#list.setAttribute("aria-busy", String(value));
  }

  /** Shows which hits the query likes and dislikes. */
  showJudged(query) {
    for (const [id, element] of this.#known) {
      for (const side of ["liked", "disliked"]) {
        element.querySelector(`.${side}`).setAttribute("aria-pressed", String(query[side].some(one => one.item === id)));
      }
    }
  }

  show(hits) {
    const known = this.#known;
    this.#known = new Map(hits.map(hit => [hit.item.id, known.get(hit.item.id) ?? this.#create(hit)]));
    const focused = document.activeElement;
    this.#list.replaceChildren(...hits.map(hit => this.#update(this.#known.get(hit.item.id), hit)));
    if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  }

  #create({ item }) {
    const element = this.#template.content.firstElementChild.cloneNode(true);
    const part = name => element.querySelector(`.${name}`);
    const image = part("picture").firstElementChild;
    image.src = item.thumbnail;
    image.alt = item.captions[0] ?? nameOf(item.id);
    image.addEventListener("error", () => element.classList.add("lost"), { once: true });
    part("name").textContent = nameOf(item.id);
    part("name").id = `name-${crypto.randomUUID?.() ?? Math.random()}`;
    part("name").title = item.id;
    part("caption").textContent = item.captions[0] ?? "";
    part("refine").setAttribute("aria-describedby", part("name").id);
    part("add").setAttribute("aria-describedby", part("name").id);
    for (const side of ["liked", "disliked"]) {
      part(side).setAttribute("aria-describedby", part("name").id);
      part(side).addEventListener("click", () => this.onJudge(item, side));
    }
    part("picture").addEventListener("click", () => this.#open(element.hit));
    part("refine").addEventListener("click", () => this.onRefine(item));
    part("add").addEventListener("click", () => this.onAdd(item));
    return element;
  }

  #update(element, hit) {
    element.hit = hit;
    element.querySelector(".rank").textContent = `${hit.rank}.`;
    const score = element.querySelector(".score");
    score.value = hit.score;
    score.textContent = hit.score.toFixed(3);
    const copies = element.querySelector(".copies");
    copies.hidden = !hit.copies.length;
    copies.firstElementChild.textContent = hit.copies.length === 1 ? "1 copy" : `${hit.copies.length} copies`;
    copies.lastElementChild.replaceChildren(...hit.copies.map(listItem));
    return element;
  }

  #open({ item, score }) {
    const part = name => document.getElementById(`whole-${name}`);
    part("name").textContent = nameOf(item.id);
    part("picture").src = item.picture;
    part("picture").alt = item.captions[0] ?? nameOf(item.id);
    part("captions").replaceChildren(...item.captions.map(listItem));
    part("captions").hidden = !item.captions.length;
    part("facts").textContent = [item.folder, item.date, `score ${score.toFixed(3)}`].filter(Boolean).join(" · ");
    this.#whole.showModal();
  }
}

function listItem(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
