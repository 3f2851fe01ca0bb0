"use strict";

const byId = (id) => document.getElementById(id);
const KEEP = 200;
const times = { cache: [], database: [] };
let hits = 0;
let total = 0;
let timer = null;

function micros(value) {
  if (value >= 1000) return (value / 1000).toFixed(value >= 10000 ? 0 : 1) + " ms";
  return (value >= 100 ? value.toFixed(0) : value.toFixed(1)) + " µs";
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[sorted.length >> 1] : null;
}

function show(what, answer) {
  const list = byId("answers");
  list.querySelector(".empty")?.remove();
  const fromCache = answer.source === "cache";
  const item = document.createElement("li");
  const tag = document.createElement("b");
  tag.className = "tag " + (fromCache ? "hit" : "miss");
  tag.textContent = fromCache ? "CACHE" : "SQLITE";
  const text = document.createElement("span");
  text.textContent = what;
  const time = document.createElement("time");
  time.textContent = micros(answer.microseconds);
  item.append(tag, text, time);
  list.prepend(item);
  while (list.children.length > 24) list.lastChild.remove();

  const kind = times[answer.source];
  kind.push(answer.microseconds);
  if (kind.length > KEEP) kind.shift();
  total++;
  if (fromCache) hits++;
  figures();
}

function figures() {
  const cache = median(times.cache);
  const database = median(times.database);
  const longest = Math.max(cache ?? 0, database ?? 0);
  for (const [name, value] of [["cache", cache], ["database", database]]) {
    byId("median-" + name).textContent = value === null ? "–" : micros(value);
    byId("bar-" + name).style.width = value === null ? "0" : Math.max(1.5, 100 * value / longest) + "%";
  }
  byId("times").textContent = cache && database ? `That is ${Math.round(database / cache).toLocaleString("en")} times.` : "";
  byId("rate").textContent = total ? (100 * hits / total).toFixed(1) + " %" : "–";
}

async function getJson(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.status === 204 ? null : response.json();
}

async function product(id) {
  const answer = await getJson("api/products/" + id);
  show(answer.value.name, answer);
  return answer;
}

/* The n-th product is wanted in proportion to 1/n, as in a real shop. */
function popular() {
  return Math.floor(Math.pow(20000, Math.random()));
}

async function oneRequest() {
  if (Math.random() < 0.8) return product(popular());
  const categories = await oneRequest.categories;
  const category = categories[Math.floor(Math.random() * categories.length)];
  const page = 1 + Math.floor(8 * Math.pow(Math.random(), 3));
  const answer = await getJson(`api/categories/${category}/products?page=${page}`);
  show(`${category}, page ${page} of ${answer.value.pageCount}`, answer);
}

async function statistics() {
  const now = await getJson("api/statistics");
  byId("records").textContent = now.records.toLocaleString("en");
  byId("reads").textContent = now.databaseReads.toLocaleString("en");
  const most = Math.max(1, ...now.partitions);
  byId("partitions").replaceChildren(...now.partitions.map((count, index) => {
    const bar = document.createElement("i");
    bar.style.height = 100 * count / most + "%";
    bar.title = `partition ${index}: ${count}`;
    return bar;
  }));
}

function showCart(cart) {
  const entries = Object.entries(cart);
  const items = entries.map(([id, pieces]) => {
    const item = document.createElement("li");
    item.textContent = `${pieces} × product ${id}`;
    return item;
  });
  if (!items.length) {
    const item = document.createElement("li");
    item.className = "empty";
    item.textContent = "Nothing yet. It survives a reload.";
    items.push(item);
  }
  byId("cart").replaceChildren(...items);
}

function guarded(action) {
  return async (event) => {
    event?.preventDefault?.();
    try {
      await action(event);
    } catch (error) {
      byId("outcome").textContent = "The server said: " + error.message;
    }
  };
}

function toggle() {
  const running = timer !== null;
  byId("toggle").textContent = running ? "Start traffic" : "Stop traffic";
  if (running) {
    clearInterval(timer);
    timer = null;
  } else {
    timer = setInterval(guarded(oneRequest), 60);
  }
}

byId("toggle").addEventListener("click", toggle);
byId("once").addEventListener("click", guarded(oneRequest));

byId("product").addEventListener("submit", guarded(async () => {
  const answer = await product(byId("product").elements.id.value);
  const form = byId("change");
  form.hidden = false;
  for (const field of ["name", "price", "stock"]) form.elements[field].value = answer.value[field];
  byId("outcome").textContent = `${answer.value.name}: from the ${answer.source} in ${micros(answer.microseconds)}.`;
}));

byId("change").addEventListener("submit", guarded(async () => {
  const fields = byId("change").elements;
  const change = { name: fields.name.value, price: Number(fields.price.value), stock: Number(fields.stock.value) };
  await getJson("api/products/" + byId("product").elements.id.value, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(change),
  });
  byId("outcome").textContent = "Stored, and its record removed from the cache. Get it again.";
}));

byId("add").addEventListener("click", guarded(async () =>
  showCart(await getJson("api/cart/" + byId("product").elements.id.value, { method: "POST" }))));

byId("empty").addEventListener("click", guarded(async () => {
  await getJson("api/cart", { method: "DELETE" });
  showCart({});
}));

oneRequest.categories = getJson("api/categories");
guarded(async () => showCart(await getJson("api/cart")))();
guarded(statistics)();
setInterval(guarded(statistics), 1000);
if (location.hash === "#play") toggle();
