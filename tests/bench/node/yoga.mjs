// graphql-yoga; with `--jit` its operations are compiled by graphql-jit.

import { createServer } from "node:http";
import { useGraphQlJit } from "@envelop/graphql-jit";
import { createSchema, createYoga } from "graphql-yoga";
import { resolvers, typeDefs } from "./schema.mjs";
import { buildLoaders } from "./vendor.mjs";

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: () => ({ loaders: buildLoaders() }),
  plugins: process.argv.includes("--jit") ? [useGraphQlJit()] : [],
  logging: false,
});

createServer(yoga).listen(Number(process.env.PORT), "127.0.0.1");
