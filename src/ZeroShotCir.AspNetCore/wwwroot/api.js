// The endpoints of the server. Addresses are relative, so the page works under any path.

/** An answer that is not one, with a sentence for people. */
export class Problem extends Error {
  constructor(message, status = 0, retryAfter = 0) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

async function ask(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The server does not answer. Is it still running?");
  }
  const body = await answer.json().catch(() => null);
  if (answer.ok && body !== null) return body;
  throw new Problem(
    body?.detail ?? body?.title ?? `The server answered with the status ${answer.status}.`,
    answer.status,
    Number(answer.headers.get("Retry-After")) || 0);
}

export const gallery = () => ask("api/gallery");

export const strategies = () => ask("api/strategies");

export const search = (request, signal) => ask("api/search", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(request),
  signal,
});

export const upload = file => ask("api/pictures", {
  method: "POST",
  // Browsers name no type for endings that they do not know; the server looks at the bytes.
  headers: { "Content-Type": file.type.startsWith("image/") ? file.type : "application/octet-stream" },
  body: file,
});
