// Sends one operation the way the graph takes it, JSON by POST to the address the page came from, and hands its plan to the panel.
import { readPlanState, showPlan } from "./plan-store.js";

const ACCEPT = "application/graphql-response+json, application/json";

export async function send(operation, { headers } = {}) {
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: {
      Accept: ACCEPT,
      "Content-Type": "application/json",
      ...(readPlanState().asked && { "X-Explain": "1" }),
      ...headers,
    },
    body: JSON.stringify(operation),
  });
  const answer = await readAnswer(response);
  if (operation.operationName !== "IntrospectionQuery") {
    showPlan(answer.extensions?.plan);
  }
  return answer;
}

async function readAnswer(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The server answered ${response.status} with something that is not JSON: ${text.slice(0, 200)}`);
  }
}
