// The chain of refinements. Every step is a whole query, so walking back changes nothing; the browser's own buttons walk, too.
import { emptyQuery, titleOf } from "./query.js";

export class Trail {
  #list = document.getElementById("steps");
  #bar = document.getElementById("trail");
  #back = document.getElementById("back");
  #steps = [emptyQuery()];
  #at = 0;

  /** @param onWalk is called after another step became the current one. */
  constructor(onWalk) {
    this.#restore(history.state);
    this.#back.addEventListener("click", () => this.#walk(this.#at - 1));
    addEventListener("popstate", event => {
      this.#restore(event.state);
      this.#show();
      onWalk();
    });
    this.onWalk = onWalk;
    this.#show();
  }

  /** The query of the current step, to be changed in place. */
  get query() {
    return this.#steps[this.#at];
  }

  /** The queries of the steps before the current one. */
  get earlier() {
    return this.#steps.slice(0, this.#at);
  }

  /** Remembers what the current step has become. */
  save() {
    history.replaceState(this.#state(), "");
    this.#show();
  }

  /** Replaces the query of the current step. */
  replace(query) {
    this.#steps[this.#at] = query;
    this.save();
  }

  /** Goes on from the current step; steps that lay before it are given up. */
  push(query) {
    this.#steps = [...this.#steps.slice(0, this.#at + 1), query];
    this.#enter(this.#at + 1);
  }

  /** Begins anew. */
  clear() {
    this.#steps = [emptyQuery()];
    this.#enter(0);
  }

  #walk(step) {
    this.#enter(step);
    this.onWalk();
  }

  #enter(step) {
    this.#at = step;
    history.pushState(this.#state(), "");
    this.#show();
  }

  // Pictures that are still on their way cannot be kept.
  #state() {
    return { at: this.#at, steps: this.#steps.map(step => ({ ...step, references: step.references.filter(reference => !reference.pending) })) };
  }

  #restore(state) {
    this.#steps = Array.isArray(state?.steps) && state.steps.length ? state.steps.map(step => ({ ...emptyQuery(), ...step })) : [emptyQuery()];
    this.#at = Math.min(Math.max(state?.at ?? 0, 0), this.#steps.length - 1);
  }

  #show() {
    this.#bar.hidden = this.#steps.length < 2;
    this.#back.disabled = this.#at === 0;
    this.#list.replaceChildren(...this.#steps.map((step, index) => {
      const button = document.createElement("button");
      button.type = "button";
      const picture = step.references.find(reference => reference.preview);
      if (picture) {
        const image = document.createElement("img");
        image.src = picture.preview;
        image.alt = "";
        button.append(image);
      }
      button.append(titleOf(step));
      if (index === this.#at) button.setAttribute("aria-current", "step");
      button.addEventListener("click", () => this.#walk(index));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
  }
}
