// The words and options of the query. What is changed here is changed in the query that was shown last.
import { nameOf } from "./query.js";

const element = id => document.getElementById(id);

const historyNames = {
  "mean-of-texts": "Their texts count as much as this one",
  "joined-texts": "Their texts and this one are one sentence",
  "mean-of-queries": "All of them count alike",
  "fading": "They fade from step to step",
  "rocchio": "Away from what they showed and you passed over",
};

export class QueryForm {
  #query;
  #settings;
  #strategies;

  /**
   * @param settings the gallery's description.
   * @param strategies the strategies of the server.
   * @param onChange is called when an option changed; with true while a slider is still being moved.
   */
  constructor(settings, strategies, onChange) {
    this.#settings = settings;
    this.#strategies = strategies;
    this.onChange = onChange;
    this.#fill();
    element("text").addEventListener("input", () => this.#query.text = element("text").value);
    this.#slider("alpha");
    this.#slider("beta");
    this.#termList("must-have", "mustHave");
    this.#termList("must-not", "mustNot");
    for (const [id, name] of [["folder", "folder"], ["from", "from"], ["to", "to"]]) {
      this.#on(id, () => this.#query[name] = element(id).value);
    }
    this.#on("min-score", () => this.#query.minScore = numberOf(element("min-score")));
    this.#on("count", () => this.#query.count = numberOf(element("count")));
    this.#on("fold", () => this.#query.fold = element("fold").checked);
    this.#on("history", () => this.#query.history = element("history").value);
    this.#on("strategy", () => {
      this.#query.strategy = element("strategy").value;
      this.#query.parameters = {};
      this.#showStrategy();
    });
  }

  show(query) {
    this.#query = query;
    const { defaults } = this.#settings;
    element("text").value = query.text;
    this.showReferences();
    for (const name of ["alpha", "beta"]) {
      element(name).value = query[name] ?? defaults[name];
      this.#showValue(name);
    }
    this.#showTerms("must-have", query.mustHave);
    this.#showTerms("must-not", query.mustNot);
    element("folder").value = query.folder;
    element("from").value = query.from;
    element("to").value = query.to;
    element("min-score").value = query.minScore ?? "";
    element("count").value = query.count ?? defaults.count;
    element("fold").checked = query.fold;
    element("history").value = query.history;
    element("strategy").value = query.strategy;
    this.#showStrategy();
  }

  /** Says whether the text is a change or a description. */
  showReferences() {
    element("text-label").textContent = this.#query.references.length ? "What should change" : "What to look for";
  }

  /** Takes terms that were typed but not added. */
  takeTyped() {
    for (const [id, name] of [["must-have", "mustHave"], ["must-not", "mustNot"]]) {
      if (element(id).value.trim()) this.#addTerm(id, name);
    }
  }

  #fill() {
    const { defaults, limits, folders, from, to, captions, readsTexts, histories } = this.#settings;
    element("text").maxLength = limits.textLength;
    element("text").disabled = !readsTexts;
    element("terms").hidden = !readsTexts;
    element("beta-field").hidden = captions === 0;
    element("count").max = limits.count;
    element("folder-field").hidden = !folders.length;
    element("folder").append(...folders.map(folder => new Option(`${"\u2003".repeat(folder.path.split("/").length - 1)}${nameOf(folder.path)} (${folder.images})`, folder.path)));
    element("date-fields").hidden = !from;
    for (const id of ["from", "to"]) {
      if (from) Object.assign(element(id), { min: from, max: to });
    }
    element("history").append(...histories.filter(name => name !== "last-turn").map(name => new Option(historyNames[name] ?? name, name)));
    element("strategy").options[0].text = `Automatic (${defaults.strategy})`;
    element("strategy").append(...this.#strategies.map(strategy => {
      const option = new Option(strategy.name, strategy.name);
      option.disabled = Boolean(strategy.unavailable);
      return option;
    }));
  }

  #on(id, take) {
    element(id).addEventListener("change", () => {
      if (!element(id).reportValidity()) return;
      take();
      this.onChange(false);
    });
  }

  #slider(name) {
    const take = moving => () => {
      this.#query[name] = element(name).valueAsNumber;
      this.#showValue(name);
      this.onChange(moving);
    };
    element(name).addEventListener("input", take(true));
    element(name).addEventListener("change", take(false));
  }

  #showValue(name) {
    element(`${name}-value`).textContent = element(name).valueAsNumber.toFixed(2);
  }

  #termList(id, name) {
    element(id).addEventListener("keydown", event => {
      if (event.key !== "Enter" || event.isComposing || !element(id).value.trim()) return;
      event.preventDefault();
      this.#addTerm(id, name);
      this.onChange(false);
    });
    element(`${id}-add`).addEventListener("click", () => {
      element(id).focus();
      if (!element(id).value.trim()) return;
      this.#addTerm(id, name);
      this.onChange(false);
    });
  }

  #addTerm(id, name) {
    const term = element(id).value.trim();
    if (!this.#query[name].includes(term)) this.#query[name].push(term);
    element(id).value = "";
    this.#showTerms(id, this.#query[name]);
  }

  #showTerms(id, terms) {
    element(`${id}-list`).replaceChildren(...terms.map((term, index) => {
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "Remove";
      remove.setAttribute("aria-label", `Remove ${term}`);
      remove.addEventListener("click", () => {
        terms.splice(index, 1);
        this.#showTerms(id, terms);
        element(id).focus();
        this.onChange(false);
      });
      const chip = document.createElement("li");
      chip.append(term, remove);
      return chip;
    }));
    element(`${id}-list`).hidden = !terms.length;
  }

  #showStrategy() {
    const strategy = this.#strategies.find(one => one.name === (this.#query.strategy || this.#settings.defaults.strategy));
    element("alpha").disabled = strategy?.usesAlpha === false;
    const blocked = this.#strategies.filter(one => one.unavailable);
    element("strategy-about").textContent = [
      strategy && `${strategy.summary} ${strategy.formula}. Source: ${strategy.source}.`,
      this.#query.strategy ? "" : "Liked and disliked pictures are read by “more-less”, must-have and must-not terms by “soft”, where this strategy reads none.",
      blocked.length && `Not available here: ${blocked.map(one => one.name).join(", ")}.`,
    ].filter(Boolean).join(" ");
    element("parameters").replaceChildren(...(this.#query.strategy ? strategy?.parameters ?? [] : []).map(parameter => this.#parameterField(parameter)));
  }

  #parameterField(parameter) {
    const input = document.createElement("input");
    input.id = `parameter-${parameter.name}`;
    input.type = "number";
    input.step = "any";
    if (parameter.minimum !== undefined) input.min = parameter.minimum;
    if (parameter.maximum !== undefined) input.max = parameter.maximum;
    input.value = this.#query.parameters[parameter.name] ?? parameter.default;
    input.addEventListener("change", () => {
      if (!input.reportValidity()) return;
      const value = numberOf(input);
      if (value === null) delete this.#query.parameters[parameter.name];
      else this.#query.parameters[parameter.name] = value;
      this.onChange(false);
    });
    const label = document.createElement("label");
    label.htmlFor = input.id;
    label.textContent = `${parameter.name}: ${parameter.description}`;
    const field = document.createElement("div");
    field.className = "field";
    field.append(label, input);
    return field;
  }
}

const numberOf = input => Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber;
