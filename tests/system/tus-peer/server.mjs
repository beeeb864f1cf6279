// server.mjs - somebody else's tus server with a small intake beside it, for test-handover-tus-peer.py
// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const directory = process.argv[2];
const tus = new Server({ path: "/files", relativeLocation: true, datastore: new FileStore({ directory }) });
const tickets = new Map();

async function take(request, response) {
  let text = "";
  for await (const piece of request) text += piece;
  const { bundle } = JSON.parse(text);
  const key = request.headers["idempotency-key"];
  const data = await readFile(`${directory}/${bundle.url.split("/").pop()}`);
  const good = createHash("sha256").update(data).digest("hex") === bundle.sha256;
  const known = tickets.has(key);
  if (!known) tickets.set(key, `T${tickets.size + 1}`);
  response.writeHead(good ? (known ? 200 : 201) : 422, { "Content-Type": "application/json" });
  response.end(JSON.stringify(good ? { ticket: tickets.get(key) } : { discarded: "sum" }));
}

const server = createServer((request, response) => {
  if (request.url === "/tickets") take(request, response);
  else tus.handle(request, response);
});
server.listen(Number(process.argv[3] ?? 0), "127.0.0.1",
  () => console.log(`listening 127.0.0.1:${server.address().port}`));
