// Pictures of few colours in few bytes: at most 16 colours, two points in a byte, and no filter, which suits text best.
import { deflateSync } from "node:zlib";

const COLOURS = 7;

/** A picture of { width, height, rgba } with a text that says what it was made of, under the keyword `Card`. */
export function png({ width, height, rgba }, mark) {
  const palette = chosen(rgba);
  const nearest = new Map();
  const row = 1 + Math.ceil(width / 2);
  const rows = Buffer.alloc(row * height);
  for (let at = 0; at < width * height; at++) {
    const colour = rgba.readUInt32BE(at * 4) >>> 8;
    let index = nearest.get(colour);
    if (index === undefined) nearest.set(colour, (index = closest(palette, colour)));
    const x = at % width;
    rows[Math.floor(at / width) * row + 1 + (x >> 1)] |= x % 2 === 0 ? index << 4 : index;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([4, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("tEXt", Buffer.from(`Card\0${mark}`, "latin1")),
    chunk("PLTE", Buffer.from(palette.flatMap(parts))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

// The check sum of PNG; zlib's own came with a later Node.js 20 only.
const REMAINDERS = Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest >>> 0;
});

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ REMAINDERS[(sum ^ byte) & 255];
  return (sum ^ 0xffffffff) >>> 0;
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

function distance(one, other) {
  const [a, b] = [parts(one), parts(other)];
  return a.reduce((sum, part, at) => sum + (part - b[at]) ** 2, 0);
}

function closest(palette, colour) {
  let best = 0;
  for (let at = 1; at < palette.length; at++) {
    if (distance(palette[at], colour) < distance(palette[best], colour)) best = at;
  }
  return best;
}

// The most frequent colour first, then again and again the one that is worst off, by how many points it has.
function chosen(rgba) {
  const counts = new Map();
  for (let at = 0; at < rgba.length; at += 4) {
    const colour = rgba.readUInt32BE(at) >>> 8;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  const palette = [colours[0][0]];
  const gaps = colours.map(([colour]) => distance(colour, palette[0]));
  while (palette.length < Math.min(COLOURS, colours.length)) {
    let worst = 0;
    const cost = (at) => gaps[at] * Math.sqrt(colours[at][1]);
    for (let at = 1; at < colours.length; at++) if (cost(at) > cost(worst)) worst = at;
    const next = colours[worst][0];
    palette.push(next);
    colours.forEach(([colour], at) => (gaps[at] = Math.min(gaps[at], distance(colour, next))));
  }
  return palette;
}
