// Compares two schemas and prints the changes that break clients, as JSON: the schema coordinate of each and its words.
//   node changes.mjs <file with the old API schema> <file with the new one>
import { readFile } from "node:fs/promises";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const [before, after] = await Promise.all(
  process.argv.slice(2).map(async (file) => buildSchema(await readFile(file, "utf8"))),
);

/** Write a dotted path as the specification writes coordinates: `Query.lists(first:)`, `@deprecated(reason:)`. */
function coordinateOf({ path = "", type }) {
  if (!/ARGUMENT/.test(type)) return path;
  const [argument, ...owner] = path.split(".").reverse();
  return `${owner.reverse().join(".")}(${argument}:)`;
}

const changes = await diff(before, after);
const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
console.log(JSON.stringify(breaking.map((each) => ({ coordinate: coordinateOf(each), message: each.message }))));
