// Tells the editor where its workers are; imported first, because the editor reads it when it loads. WORKERS comes from build.mjs.
const FILES = { json: WORKERS["json.worker"], graphql: WORKERS["graphql.worker"] };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(FILES[label] ?? WORKERS["editor.worker"], import.meta.url), { type: "module", name: label }),
};
