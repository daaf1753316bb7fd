// Asks the running graph for people, with types all the way, and prints them.
//   node built/people.js <address of the graph> <state>
import { graphql } from "./gql/index.js";
import type { PeopleQueryVariables, TypedDocumentString } from "./gql/graphql.js";

const people = graphql(`
  query People($first: Int!, $filter: SubscriberFilter) {
    subscribers(first: $first, filter: $filter) {
      nodes {
        vendorId
        email
        birthDate
        memberships(state: ACTIVE) {
          joinedAt
          list {
            name
          }
        }
      }
    }
  }
`);

async function ask<Result, Variables>(
  url: string,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: document, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Result; errors?: unknown };
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

const [url, state] = process.argv.slice(2);
if (url === undefined || state === undefined) throw new Error("people.js <address of the graph> <state>");
const variables: PeopleQueryVariables = {
  first: 5,
  filter: {
    state: { eq: state },
    unsubscribedAt: { isNull: true },
    birthDate: { lt: "2000-01-01" },
    not: { bouncedAt: { gte: "2020-01-01T00:00:00Z" } },
  },
};
const { subscribers } = await ask(url, people, variables);
const nodes = subscribers?.nodes ?? [];
const joined: string[] = nodes.flatMap(({ memberships }) => memberships.flatMap(({ joinedAt }) => joinedAt ?? []));
console.log(JSON.stringify({ nodes, joined: joined.map((moment) => Date.parse(moment) / 1000) }));
