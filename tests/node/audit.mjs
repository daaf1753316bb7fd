// Judges a running server by the GraphQL-over-HTTP draft and prints every audit as JSON.
//   node audit.mjs <address of the endpoint>
import { serverAudits } from "graphql-http";

const [url] = process.argv.slice(2);
const audits = serverAudits({ url });
const results = [];
for (const audit of audits) {
  const { status, reason } = await audit.fn();
  results.push({ level: audit.name.split(" ")[0], name: audit.name, id: audit.id, status, reason });
}
console.log(JSON.stringify(results));
