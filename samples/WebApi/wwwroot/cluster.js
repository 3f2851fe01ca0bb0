"use strict";

// The card of the nodes; it shows itself when there is a cluster.
(() => {
  const byId = (id) => document.getElementById(id);
  let addresses = [];

  async function look() {
    const response = await fetch("api/cluster");
    if (!response.ok) return;
    const cluster = await response.json();
    if (!cluster.isDistributed) return;
    byId("cluster").hidden = false;
    byId("answered").textContent = `${cluster.answeredBy} answered`;
    addresses = cluster.addresses;
    byId("nodes").replaceChildren(...cluster.nodes.map((node) => {
      const row = document.createElement("tr");
      const cells = [node.node, node.primaryPartitions, node.replicaPartitions, node.recordCount, node.lag];
      for (const text of cells) row.insertCell().textContent = text;
      return row;
    }));
    setTimeout(look, 1000);
  }

  byId("across").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = new FormData(event.target).get("text");
    const name = "crossing-" + Math.floor(Math.random() * 1e6);
    const put = await fetch(`api/notes/${name}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
    });
    const lines = [`written at ${put.headers.get("X-Node")}`];
    for (const address of addresses.filter((a) => a !== location.origin)) {
      const startedAt = performance.now();
      const get = await fetch(`${address}/api/notes/${name}`);
      const note = get.ok ? (await get.json()).text : "nothing";
      lines.push(`read at ${get.headers.get("X-Node")} in ${(performance.now() - startedAt).toFixed(1)} ms: “${note}”`);
    }
    byId("crossing").textContent = lines.join("; ");
  });

  look();
})();
