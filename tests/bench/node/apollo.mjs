// Apollo Server, on its own web server.

import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { resolvers, typeDefs } from "./schema.mjs";
import { buildLoaders } from "./vendor.mjs";

await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), {
  context: async () => ({ loaders: buildLoaders() }),
  listen: { port: Number(process.env.PORT), host: "127.0.0.1" },
});
