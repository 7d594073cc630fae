// Runs the storage emulator for as long as whoever started this holds the other end of standard input. That end
// closes however its holder goes, SIGKILL included, so the emulator never outlives it.
//
// node keeper.mjs EMULATOR ARGUMENTS...
//
// Says on standard output either one line `ready BLOB QUEUE TABLE`, the three ports, or what the emulator said
// before it failed; then nothing more.

import { spawn } from "node:child_process";

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 3_000;
const LISTENING = /Azurite (Blob|Queue|Table) service is successfully listening at \S+:(\d+)/g;
const SERVICES = ["Blob", "Queue", "Table"];

const emulator = spawn(process.execPath, process.argv.slice(2), { stdio: ["ignore", "pipe", "pipe"] });
let said = "";
let ready = false;
let stopping = false;

function stop() {
  if (stopping) return;
  stopping = true;
  emulator.kill("SIGTERM");
  setTimeout(() => emulator.kill("SIGKILL"), STOP_WITHIN_MS);
}

function hear(text) {
  // Read on for ever, so that the emulator never waits for a full pipe; keep the end, for when it fails.
  said = (said + text).slice(-64_000);
  if (ready) return;
  const ports = Object.fromEntries([...said.matchAll(LISTENING)].map(([, service, port]) => [service, port]));
  if (SERVICES.every((service) => service in ports)) {
    ready = true;
    clearTimeout(deadline);
    process.stdout.write(`ready ${SERVICES.map((service) => ports[service]).join(" ")}\n`);
  }
}

const deadline = setTimeout(() => {
  said += `not ready within ${READY_WITHIN_MS / 1000} s\n`;
  stop();
}, READY_WITHIN_MS);

for (const stream of [emulator.stdout, emulator.stderr]) {
  stream.setEncoding("utf8");
  stream.on("data", hear);
}

emulator.on("close", (code, signal) => {
  const end = `the emulator ended with ${signal ?? code}\n`;
  if (!ready) process.stdout.write(said + end);
  else if (!stopping) process.stderr.write(said + end);
  process.exitCode = stopping && ready ? 0 : 1;
  process.stdin.destroy();
  clearTimeout(deadline);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
process.stdout.on("error", stop);
process.stdin.on("close", stop).on("error", stop).resume();
