// The product on a free port, with a fresh folder, a source, a write key and an administrator's token.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const binary = process.env.CLIENTELE_TEST_BINARY;
const email = "admin@test.example";

export const start = async () => {
  if (!binary) throw new Error("CLIENTELE_TEST_BINARY must name the product's binary");
  const folder = await mkdtemp(join(tmpdir(), "clientele-segment-"));
  const run = async (...words) => (await promisify(execFile)(binary, [...words, "--data", folder])).stdout.trim();
  await run("user", "create", email, "--name", "Admin", "--role", "admin");
  const token = await run("token", "create", "--user", email, "--name", "tests");
  const source = await run("source", "create", "Site");
  const key = await run("source", "key", "Site", "--name", "tests");
  const server = spawn(binary, ["serve", "--data", folder, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: server.stdout }).on("line", (line) => {
      const found = line.match(/http:\/\/\S+/);
      if (found) resolve(found[0]);
    });
  });
  const api = async (path, options = {}) => {
    const headers = { Authorization: `Bearer ${token}`, "Accept-Language": "en", "Content-Type": "application/json" };
    const answer = await fetch(`${url}/api/v1/source/${source}${path}`, { headers, ...options });
    return answer.status === 204 ? null : answer.json();
  };
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, key, api, stop };
};
