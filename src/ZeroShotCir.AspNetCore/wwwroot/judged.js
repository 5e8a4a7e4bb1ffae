// The hits that are liked or disliked: they stay here when they are no longer found.
const list = document.getElementById("judged");

/**
 * @param query the query.
 * @param onRemove is called with the reference and its side when a judgment is taken back.
 */
export function showJudged(query, onRemove) {
  const chips = [["liked", "More of"], ["disliked", "Less of"]].flatMap(([side, words]) => query[side].map(one => chip(one, side, words, onRemove)));
  list.replaceChildren(...chips);
  list.hidden = !chips.length;
}

function chip(one, side, words, onRemove) {
  const item = document.createElement("li");
  item.classList.toggle("unlike", side === "disliked");
  const image = document.createElement("img");
  image.src = one.preview;
  image.alt = "";
  image.addEventListener("error", () => image.remove());
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = `${words} ${one.name}`;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove ${words.toLowerCase()} ${one.name}`);
  remove.addEventListener("click", () => onRemove(one, side));
  item.append(image, name, remove);
  return item;
}
