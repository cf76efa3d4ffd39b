// The product on a free port, with a fresh folder, an administrator and a token.

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
  const folder = await mkdtemp(join(tmpdir(), "clientele-postgrest-"));
  const run = async (...words) => (await promisify(execFile)(binary, words)).stdout.trim();
  await run("user", "--data", folder, "create", email, "--name", "Admin", "--role", "admin");
  const token = await run("token", "--data", folder, "create", "--user", email, "--name", "tests");
  const server = spawn(binary, ["serve", "--data", folder, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: server.stdout }).on("line", (line) => {
      const found = line.match(/http:\/\/\S+/);
      if (found) resolve(found[0]);
    });
  });
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, token, stop };
};
