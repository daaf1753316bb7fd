// Puts Apollo's gateway before our running server and the partner, and answers the operations read from standard input.
//   node gateway.mjs <address of our endpoint>     input: [{ "query": …, "variables": … }, …]   output: the answers, as JSON
import { text } from "node:stream/consumers";
import { composeServices } from "@apollo/composition";
import { ApolloGateway, LocalGraphQLDataSource, RemoteGraphQLDataSource } from "@apollo/gateway";
import { parse } from "graphql";
import { buildPartnerSchema, partnerSdl } from "./partner.mjs";

const [url] = process.argv.slice(2);
const answer = await fetch(url, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ query: "{ _service { sdl } }" }),
});
const { sdl } = (await answer.json()).data._service;
const { supergraphSdl, errors } = composeServices([
  { name: "marketing", url, typeDefs: parse(sdl) },
  { name: "partner", url: "local", typeDefs: partnerSdl },
]);
if (errors) throw new Error(errors.map(({ message }) => message).join("\n"));

const silent = { debug() {}, info() {}, warn: console.error, error: console.error };
const requests = [];
const gateway = new ApolloGateway({
  supergraphSdl,
  logger: silent,
  buildService: ({ name }) =>
    name === "partner"
      ? new LocalGraphQLDataSource(buildPartnerSchema())
      : new RemoteGraphQLDataSource({ url, willSendRequest: ({ request }) => requests.push(request.variables ?? {}) }),
});
const { executor, schema } = await gateway.load();

const answers = [];
for (const { query, variables } of JSON.parse(await text(process.stdin))) {
  const before = requests.length;
  const { data, errors } = await executor({
    document: parse(query),
    queryHash: query,
    request: { query, variables },
    operationName: null,
    context: {},
    metrics: {},
    overallCachePolicy: {},
    logger: silent,
    cache: new Map(),
    schema,
  });
  answers.push({ data, errors, requests: requests.slice(before) });
}
console.log(JSON.stringify(answers));
await gateway.stop();
