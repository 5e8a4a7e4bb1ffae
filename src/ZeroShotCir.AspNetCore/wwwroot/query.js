// A query as the page keeps it, and as the server takes it. Null and "" stand for the server's default.

export const emptyQuery = () => ({
  text: "",
  references: [],
  liked: [],
  disliked: [],
  mustHave: [],
  mustNot: [],
  history: "",
  strategy: "",
  parameters: {},
  alpha: null,
  beta: null,
  count: null,
  minScore: null,
  fold: true,
  folder: "",
  from: "",
  to: "",
});

/** Whether there is nothing to search for. */
export const isBlank = query => !query.text.trim() && !query.mustHave.length && !query.liked.length && !query.references.some(isReady);

/** Whether a reference has been read by the server; one that is still on its way has no name there. */
export const isReady = reference => Boolean(reference.item || reference.picture);

/** The query that starts where a hit of another one is: its picture, and nothing said about it yet. */
export const refinementOf = (query, item) => ({ ...structuredClone(query), text: "", references: [referenceTo(item)], liked: [], disliked: [] });

/** Likes or dislikes a hit; a second time takes it back, and the other side never holds it, too. */
export function judge(query, item, side) {
  const other = side === "liked" ? "disliked" : "liked";
  const isJudged = query[side].some(one => one.item === item.id);
  query[other] = query[other].filter(one => one.item !== item.id);
  query[side] = isJudged ? query[side].filter(one => one.item !== item.id) : [...query[side], referenceTo(item)];
}

export const referenceTo = item => ({ item: item.id, name: nameOf(item.id), preview: item.thumbnail, weight: 1 });

/** The options as the server has them, the rest as it is. */
export const withDefaults = query => ({ ...emptyQuery(), text: query.text, references: query.references, liked: query.liked, disliked: query.disliked });

/** What a step of the trail is called. */
export function titleOf(query) {
  const liked = query.references.map(reference => reference.name).join(", ");
  return query.text.trim() || query.mustHave.join(", ") || (liked && `like ${liked}`) || query.liked.map(one => `more of ${one.name}`).join(", ") || "a new search";
}

export const nameOf = id => id.slice(id.lastIndexOf("/") + 1);

// As many as the server takes.
const maxTurns = 16;

/**
 * @param query the query of the current step.
 * @param earlier those of the steps before it, of which its history makes something.
 */
export function toRequest(query, earlier = []) {
  const request = toTurn(query);
  if (!query.history) return request;
  request.history = query.history;
  request.turns = earlier.filter(step => !isBlank(step)).slice(-maxTurns).map(toTurn);
  return request;
}

function toTurn(query) {
  const request = {
    references: query.references.filter(isReady).map(({ item, picture, weight }) => ({ item, picture, weight })),
    mustHave: query.mustHave,
    mustNot: query.mustNot,
    liked: query.liked.map(({ item }) => item),
    disliked: query.disliked.map(({ item }) => item),
    fold: query.fold,
  };
  if (query.text.trim()) request.text = query.text.trim();
  if (query.strategy) {
    request.strategy = query.strategy;
    request.parameters = query.parameters;
  }
  for (const name of ["alpha", "beta", "count", "minScore"]) {
    if (query[name] !== null) request[name] = query[name];
  }
  for (const name of ["folder", "from", "to"]) {
    if (query[name]) request[name] = query[name];
  }
  return request;
}
