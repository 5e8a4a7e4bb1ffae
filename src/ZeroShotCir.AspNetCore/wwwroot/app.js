document.getElementById("search").addEventListener("submit", async event => {
  event.preventDefault();
  const answer = await fetch("api/search", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text: event.target.text.value }),
  });
  const body = await answer.json();
  document.getElementById("hits").replaceChildren(...(body.hits ?? []).map(hit => {
    const item = document.createElement("li"), picture = document.createElement("img");
    picture.src = hit.item.thumbnail;
    picture.alt = hit.item.captions[0] ?? hit.item.id;
    item.append(picture, ` ${hit.score.toFixed(3)}`);
    return item;
  }));
});
