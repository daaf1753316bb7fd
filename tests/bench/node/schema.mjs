// The part of the graph's schema that is measured, as it would be written by hand.

import { fetchPage } from "./vendor.mjs";

export const typeDefs = /* GraphQL */ `
  scalar DateTime
  type Query {
    subscribers(first: Int!): SubscriberConnection
  }
  type SubscriberConnection {
    nodes: [Subscriber!]!
  }
  type Subscriber {
    vendorId: ID!
    firstName: String
    lastName: String
    email: String
    campaign: Campaign
    memberships: [ListMembership!]!
  }
  type ListMembership {
    joinedAt: DateTime
    list: SubscriberList
  }
  type Campaign {
    vendorId: ID!
    name: String
  }
  type SubscriberList {
    vendorId: ID!
    name: String
  }
`;

const vendorId = (row) => String(row.id);

export const resolvers = {
  Query: {
    subscribers: async (_root, { first }) => ({ nodes: (await fetchPage(first)).slice(0, first) }),
  },
  Subscriber: {
    vendorId,
    firstName: (row) => row.firstname,
    lastName: (row) => row.lastname,
    campaign: (row, _args, { loaders }) => (row.campaign_id === null ? null : loaders.campaigns.load(row.campaign_id)),
    memberships: (row) => row.lists,
  },
  ListMembership: {
    joinedAt: (row) => (row.timestamp === null ? null : `${row.timestamp}Z`),
    list: (row, _args, { loaders }) => loaders.lists.load(row.list_id),
  },
  Campaign: { vendorId },
  SubscriberList: { vendorId },
};
