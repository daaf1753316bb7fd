// Bundles the page into static/: every script, style, font and worker, so that a browser asks nothing of any other machine.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
// built beside static/ and moved there in one step: an interrupted build leaves nothing half-made behind
const unfinished = join(here, "static.unfinished");
const finished = join(here, "static");

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: join(unfinished, "assets"),
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
};

/** Map each entry point's own name to the built file's name, `page` to `page-4KX2.js`. */
const builtNames = ({ outputs }) =>
  Object.fromEntries(
    Object.entries(outputs)
      .filter(([, output]) => output.entryPoint)
      .map(([path, output]) => [basename(output.entryPoint).replace(/\.\w+$/, ""), basename(path)]),
  );

/** Read the example operations in the order of their file names, which is the order of the tabs. */
async function readExamples() {
  const folder = join(here, "examples");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".graphql")).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

await rm(unfinished, { recursive: true, force: true });
await mkdir(unfinished, { recursive: true });

const workers = await build({
  ...common,
  entryPoints: [
    "monaco-editor/esm/vs/editor/editor.worker.js",
    "monaco-editor/esm/vs/language/json/json.worker.js",
    "monaco-graphql/esm/graphql.worker.js",
  ],
});

const style = await build({ ...common, entryPoints: ["src/style.css"] });

const page = await build({
  ...common,
  entryPoints: ["src/page.jsx"],
  splitting: true,
  jsx: "automatic",
  // GraphiQL's own style sheet holds the editor's already
  loader: { ".css": "empty" },
  define: {
    "process.env.NODE_ENV": '"production"',
    EXAMPLES: JSON.stringify(await readExamples()),
    WORKERS: JSON.stringify(builtNames(workers.metafile)),
  },
});

const html = (await readFile(join(here, "src/page.html"), "utf8"))
  .replace("{script}", builtNames(page.metafile).page)
  .replace("{style}", builtNames(style.metafile).style);
await writeFile(join(unfinished, "page.html"), html);

await rm(finished, { recursive: true, force: true });
await rename(unfinished, finished);
