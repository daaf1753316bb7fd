// A company's other graph: it knows orders, and of our subscribers nothing but their keys.
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";

export const partnerSdl = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type Query {
    orders(buyers: [ID!]!): [Order!]!
  }

  type Order {
    number: ID!
    buyer: Subscriber
  }

  type Subscriber @key(fields: "sourceId vendorId", resolvable: false) {
    sourceId: ID!
    vendorId: ID!
  }
`);

/** Build the partner's schema; it takes every id it is asked for as the id of a subscriber of the source `taguchi_v4`. */
export const buildPartnerSchema = () =>
  buildSubgraphSchema({
    typeDefs: partnerSdl,
    resolvers: {
      Query: {
        orders: (_, { buyers }) =>
          buyers.map((vendorId) => ({ number: `order-${vendorId}`, buyer: { sourceId: "taguchi_v4", vendorId } })),
      },
    },
  });
