// The pictures of the query: dropped, pasted, picked, or taken from the hits.
import { Problem, upload } from "./api.js";

export class References {
  #list = document.getElementById("references");
  #drop = document.getElementById("drop");
  #files = document.getElementById("files");
  #hint = document.getElementById("drop-hint");
  #query;

  /**
   * @param settings the gallery's description.
   * @param onChange is called when the pictures of the query have changed.
   * @param onProblem is called with what went wrong.
   */
  constructor(settings, onChange, onProblem) {
    this.limits = settings.limits;
    this.onChange = onChange;
    this.onProblem = onProblem;
    // Without an encoder of pictures there are still those of the gallery.
    this.#files.disabled = !settings.readsPictures;
    this.#hint.hidden = !settings.readsPictures;
    document.querySelector("label[for=files]").hidden = !settings.readsPictures;
    this.#drop.hidden = false;
    if (settings.readsPictures) this.#listen();
  }

  show(query) {
    this.#query = query;
    this.#list.replaceChildren(...query.references.map((reference, index) => this.#chip(reference, index)));
    this.#list.hidden = !query.references.length;
  }

  /** Takes files into the query, one after the other. */
  async add(files) {
    const query = this.#query;
    for (const file of files) {
      if (query.references.length >= this.limits.references) {
        this.onProblem(new Problem(`A query has at most ${this.limits.references} pictures. Remove one first.`));
        return;
      }
      const reference = { name: file.name, preview: URL.createObjectURL(file), weight: 1, pending: true };
      query.references.push(reference);
      this.#refresh(query);
      try {
        if (file.size > this.limits.uploadBytes) {
          throw new Problem(`${file.name} has ${megabytes(file.size)} MB; at most ${megabytes(this.limits.uploadBytes)} MB are taken. Shrink it.`);
        }
        reference.picture = (await upload(file)).picture;
        delete reference.pending;
      } catch (error) {
        query.references.splice(query.references.indexOf(reference), 1);
        this.#refresh(query);
        this.onProblem(error);
        continue;
      }
      this.#refresh(query);
      this.onChange(query);
    }
  }

  // The user may have walked to another step while a picture was on its way.
  #refresh(query) {
    if (query === this.#query) this.show(query);
  }

  #listen() {
    this.#files.addEventListener("change", () => {
      this.add([...this.#files.files]);
      this.#files.value = "";
    });
    addEventListener("paste", event => {
      const files = pictures(event.clipboardData);
      if (!files.length) return;
      event.preventDefault();
      this.add(files);
    });
    // The whole window takes a drop: a picture that misses the field would replace the page.
    let depth = 0;
    const carriesFiles = event => event.dataTransfer.types.includes("Files");
    addEventListener("dragenter", event => carriesFiles(event) && this.#drop.classList.toggle("over", ++depth > 0));
    addEventListener("dragleave", event => carriesFiles(event) && this.#drop.classList.toggle("over", --depth > 0));
    addEventListener("dragover", event => carriesFiles(event) && event.preventDefault());
    addEventListener("drop", event => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      this.#drop.classList.remove("over");
      this.add([...event.dataTransfer.files]);
    });
  }

  #chip(reference, index) {
    const chip = document.createElement("li");
    chip.classList.toggle("unlike", reference.weight < 0);
    const image = document.createElement("img");
    image.src = reference.preview ?? "";
    image.alt = "";
    image.addEventListener("error", () => image.remove());
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = reference.pending ? `Reading ${reference.name}…` : reference.name;
    chip.append(image, name);
    if (reference.pending) return chip;

    const side = document.createElement("button");
    side.type = "button";
    side.textContent = "Unlike";
    side.setAttribute("aria-pressed", String(reference.weight < 0));
    side.setAttribute("aria-label", `Unlike ${reference.name}`);
    side.addEventListener("click", () => this.#change(index, () => reference.weight *= -1, 0));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", `Remove ${reference.name}`);
    remove.addEventListener("click", () => this.#change(index, () => this.#query.references.splice(index, 1), 1));
    chip.append(side, remove);
    return chip;
  }

  // The list is drawn anew; who works by keyboard stays where they were.
  #change(index, change, button) {
    change();
    this.show(this.#query);
    const chip = this.#list.children[Math.min(index, this.#list.children.length - 1)];
    (chip?.querySelectorAll("button")[button] ?? this.#files).focus();
    this.onChange(this.#query);
  }
}

const pictures = data => [...(data?.files ?? [])].filter(file => file.type.startsWith("image/"));

const megabytes = bytes => (bytes / (1 << 20)).toFixed(1);
