/**
 * Puts the page together: `node build.mjs [FOLDER]` writes it to ../../var/page/, or to FOLDER.
 *
 * `node build.mjs --tests FOLDER` writes the unit tests there instead, ready for `node --test`.
 * The page's files carry a hash of their content in their names; beside each lies the same, compressed (.gz).
 */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const COMMON = { absWorkingDir: HERE, bundle: true, format: "esm", write: false, logLevel: "warning" };

const hash = (content) => createHash("sha256").update(content).digest("hex");

/** Minified for browsers of 2024 and later, which the style sheet needs too (light-dark, popover). */
async function bundled() {
  const made = await build({
    ...COMMON,
    entryPoints: ["src/main.tsx"],
    outdir: "out",
    minify: true,
    target: ["es2022", "chrome123", "firefox125", "safari17.5"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    charset: "utf8",
  });
  return made.outputFiles.map((file) => ({ name: basename(file.path), content: Buffer.from(file.contents) }));
}

/** `main.js` becomes `main-0123456789.js`. */
function stamped({ name, content }) {
  const end = extname(name);
  return { name: `${basename(name, end)}-${hash(content).slice(0, 10)}${end}`, content };
}

async function page(folder) {
  const favicon = { name: "favicon.svg", content: await readFile(join(HERE, "src/favicon.svg")) };
  const assets = [...(await bundled()), favicon].map(stamped);
  const named = Object.fromEntries(assets.map(({ name }) => [extname(name).slice(1), name]));
  const names = { js: named.js, css: named.css, favicon: named.svg };
  const html = (await readFile(join(HERE, "src/index.html"), "utf8")).replace(
    /\{(\w+)\}/g,
    (_, key) => names[key],
  );
  const files = assets.map(({ name, content }) => ({ name: `assets/${name}`, content }));
  return written(folder, [...files, { name: "index.html", content: Buffer.from(html) }]);
}

/** The manifest comes last: where it is, the page is whole. */
async function written(folder, files) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "assets"), { recursive: true });
  const listed = {};
  for (const { name, content } of files) {
    const packed = gzipSync(content, { level: 9 });
    await writeFile(join(folder, name), content);
    await writeFile(join(folder, `${name}.gz`), packed);
    listed[name] = { bytes: content.length, gzip_bytes: packed.length, sha256: hash(content) };
  }
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify({ files: listed }, null, 2)}\n`);
  return listed;
}

async function tests(folder) {
  const names = (await readdir(join(HERE, "test"))).filter((name) => name.endsWith(".test.ts"));
  const made = await build({
    ...COMMON,
    entryPoints: names.map((name) => `test/${name}`),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    target: "node18",
    write: true,
    metafile: true,
  });
  return Object.keys(made.metafile.outputs);
}

const [first, second] = process.argv.slice(2);
if (first === "--tests") await tests(second);
else {
  const files = await page(first ?? join(HERE, "../../var/page"));
  const sum = (key) => Object.values(files).reduce((all, file) => all + file[key], 0);
  console.log(`page: ${sum("bytes")} bytes, ${sum("gzip_bytes")} compressed`);
}
