// Composes our subgraph with the partner's by both composers in use and prints what each says, as JSON.
//   node compose.mjs <file with our SDL>
import { readFile } from "node:fs/promises";
import { composeServices as apollo } from "@apollo/composition";
import { composeServices as guild } from "@theguild/federation-composition";
import { parse } from "graphql";
import { partnerSdl } from "./partner.mjs";

const [file] = process.argv.slice(2);
const services = [
  { name: "marketing", url: "http://127.0.0.1/graphql", typeDefs: parse(await readFile(file, "utf8")) },
  { name: "partner", url: "http://127.0.0.1/partner", typeDefs: partnerSdl },
];

const report = ({ supergraphSdl, errors = [], hints = [] }) => ({
  supergraph: supergraphSdl ?? null,
  errors: errors.map(({ message }) => message),
  hints: hints.map(({ message }) => message),
});
console.log(JSON.stringify({ apollo: report(apollo(services)), guild: report(guild(services)) }));
