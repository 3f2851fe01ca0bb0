"use strict";

// The card of the nodes; it shows itself when there is a cluster.
(() => {
  const byId = (id) => document.getElementById(id);
  let addresses = [];

  async function look() {
    const response = await fetch("api/cluster");
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    const cluster = await response.json();
    if (!cluster.isDistributed) return false;
    byId("cluster").hidden = false;
    byId("answered").textContent = `${cluster.answeredBy} answered`;
    addresses = cluster.addresses;
    byId("nodes").replaceChildren(...cluster.nodes.map((node) => {
      const row = document.createElement("tr");
      const cells = [node.node, node.primaryPartitions, node.replicaPartitions, node.recordCount, node.lag];
      for (const text of cells) row.insertCell().textContent = text;
      return row;
    }));
    return true;
  }

  /* Nodes come and go: an answer that fails is asked for again. */
  async function watch() {
    let goesOn = true;
    try {
      goesOn = await look();
    } catch (error) {
      byId("answered").textContent = "no answer: " + error.message;
    }
    if (goesOn) setTimeout(watch, 1000);
  }

  async function readAt(address, name) {
    const startedAt = performance.now();
    try {
      const get = await fetch(`${address}/api/notes/${name}`);
      const note = get.ok ? (await get.json()).text : "nothing";
      return `read at ${get.headers.get("X-Node")} in ${(performance.now() - startedAt).toFixed(1)} ms: “${note}”`;
    } catch {
      return `${address} does not answer`;
    }
  }

  byId("across").addEventListener("submit", guarded(async (event) => {
    const text = new FormData(event.target).get("text");
    const name = "crossing-" + Math.floor(Math.random() * 1e6);
    const put = await fetch(`api/notes/${name}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
    });
    const lines = [put.ok ? `written at ${put.headers.get("X-Node")}` : `not written: ${put.status} ${put.statusText}`];
    for (const address of addresses.filter((a) => put.ok && a !== location.origin)) {
      lines.push(await readAt(address, name));
    }
    byId("crossing").textContent = lines.join("; ");
  }));

  watch();
})();
