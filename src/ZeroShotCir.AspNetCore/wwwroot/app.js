// Ties the parts of the page together: the trail has the query, the form and the pictures change it, the hits answer it.
import * as api from "./api.js";
import { QueryForm } from "./form.js";
import { Hits } from "./hits.js";
import { showJudged } from "./judged.js";
import { isBlank, judge, referenceTo, refinementOf, toRequest, withDefaults } from "./query.js";
import { References } from "./references.js";
import { Trail } from "./trail.js";

// The server answers about twenty searches of one client each second; a slider asks less often.
const sliderPause = 60;
const status = document.getElementById("status");
const missing = document.getElementById("missing");
const problem = document.getElementById("problem");
let settings, trail, form, references, hits;
let running = null, again = false, timer = null;

async function start() {
  let strategies;
  try {
    [settings, strategies] = await Promise.all([api.gallery(), api.strategies()]);
  } catch (error) {
    problem.textContent = error.message;
    return;
  }
  document.title = document.getElementById("title").textContent = settings.title;
  document.getElementById("about").textContent = `${count(settings.images, "image")}${settings.captions ? `, ${count(settings.captions, "caption")}` : ""}`;
  form = new QueryForm(settings, strategies, changed);
  references = new References(settings, query => {
    if (query !== trail.query) return;
    form.showReferences();
    changed(false);
  }, complain);
  hits = new Hits(refine, add, judged);
  trail = new Trail(walked);
  document.getElementById("query").addEventListener("submit", event => {
    event.preventDefault();
    form.takeTyped();
    changed(false);
    // On a phone the results lie below the form.
    const results = document.getElementById("results");
    if (results.getBoundingClientRect().top > innerHeight / 2) results.scrollIntoView();
  });
  document.getElementById("reset").addEventListener("click", () => {
    trail.replace(withDefaults(trail.query));
    walked();
  });
  document.getElementById("fresh").addEventListener("click", () => {
    trail.clear();
    walked();
    document.getElementById("text").focus();
  });
  walked();
}

/** Another query is the current one. */
function walked() {
  form.show(trail.query);
  references.show(trail.query);
  showJudgments();
  search();
}

/** The current query was changed; while a slider moves, it is searched for as often as it may. */
function changed(moving) {
  if (moving) {
    timer ??= setTimeout(() => {
      timer = null;
      if (running) again = true;
      else search();
    }, sliderPause);
    return;
  }
  trail.save();
  search();
}

function refine(item) {
  trail.push(refinementOf(trail.query, item));
  walked();
  document.getElementById("text").focus();
}

function add(item) {
  const query = trail.query;
  if (query.references.length >= settings.limits.references) {
    complain(new api.Problem(`A query has at most ${settings.limits.references} pictures. Remove one first.`));
    return;
  }
  if (!query.references.some(reference => reference.item === item.id)) query.references.push(referenceTo(item));
  references.show(query);
  form.showReferences();
  changed(false);
}

function judged(item, side) {
  judge(trail.query, item, side);
  showJudgments();
  changed(false);
}

function showJudgments() {
  showJudged(trail.query, (reference, side) => judged({ id: reference.item, thumbnail: reference.preview }, side));
  hits.showJudged(trail.query);
}

async function search(tries = 3) {
  running?.abort();
  clearTimeout(timer);
  timer = null;
  again = false;
  const query = trail.query;
  if (isBlank(query)) {
    running = null;
    hits.show([]);
    hits.busy = false;
    problem.textContent = "";
    showMissing([]);
    status.textContent = "Choose a picture, say what to look for, or both.";
    return;
  }
  const own = running = new AbortController();
  hits.busy = true;
  try {
    const answer = await api.search(toRequest(query, trail.earlier), own.signal);
    if (own !== running) return;
    hits.show(answer.hits);
    hits.showJudged(query);
    problem.textContent = "";
    status.textContent = summaryOf(answer);
    showMissing(answer.missing);
  } catch (error) {
    if (own !== running || error.name === "AbortError") return;
    if (error.status === 429 && tries > 1) {
      setTimeout(() => own === running && search(tries - 1), 1000 * Math.max(error.retryAfter, 1));
      return;
    }
    hits.show([]);
    status.textContent = "";
    showMissing([]);
    complain(error);
  }
  hits.busy = false;
  running = null;
  if (again) search();
}

/** What was found and how; that it is approximate is part of it. */
function summaryOf({ hits: found, searched, strategy, history, milliseconds, approximate, depth }) {
  const among = searched === undefined ? "" : ` of ${searched.toLocaleString("en")}`;
  const depths = depth === undefined ? "" : `: ${depth.toLocaleString("en")} candidates were looked at`;
  return `${count(found.length, "image")}${among}, by ${strategy}${history ? ` and ${history} of earlier turns` : ""}, ${milliseconds.toFixed(0)} ms${approximate ? `, approximate${depths}` : ""}`;
}

/** What a store could not look at. */
function showMissing(sentences) {
  missing.replaceChildren(...sentences.map(sentence => {
    const line = document.createElement("p");
    line.textContent = sentence;
    return line;
  }));
}

function complain(error) {
  problem.textContent = error.message;
}

function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

start();
