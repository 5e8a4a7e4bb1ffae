// A query as the page keeps it, and as the server takes it. Null and "" stand for the server's default.

export const emptyQuery = () => ({
  text: "",
  references: [],
  mustHave: [],
  mustNot: [],
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
export const isBlank = query => !query.text.trim() && !query.mustHave.length && !query.references.some(isReady);

/** Whether a reference has been read by the server; one that is still on its way has no name there. */
export const isReady = reference => Boolean(reference.item || reference.picture);

/** The query that starts where a hit of another one is: its picture, and nothing said about it yet. */
export const refinementOf = (query, item) => ({ ...structuredClone(query), text: "", references: [referenceTo(item)] });

export const referenceTo = item => ({ item: item.id, name: nameOf(item.id), preview: item.thumbnail, weight: 1 });

/** The options as the server has them, the rest as it is. */
export const withDefaults = query => ({ ...emptyQuery(), text: query.text, references: query.references });

/** What a step of the trail is called. */
export function titleOf(query) {
  const liked = query.references.map(reference => reference.name).join(", ");
  return query.text.trim() || query.mustHave.join(", ") || (liked && `like ${liked}`) || "a new search";
}

export const nameOf = id => id.slice(id.lastIndexOf("/") + 1);

export function toRequest(query) {
  const request = {
    references: query.references.filter(isReady).map(({ item, picture, weight }) => ({ item, picture, weight })),
    mustHave: query.mustHave,
    mustNot: query.mustNot,
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
