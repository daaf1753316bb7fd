// Makes every audience call that Talon.One's own client has, and prints what came of each as JSON.
//   node talon_one.mjs <address> <key of the Integration API> <key of the Management API>
import TalonOne from "talon_one";

const [address, integrationKey, managementKey] = process.argv.slice(2);

function connect(Api, scheme, kind, key) {
  const client = new TalonOne.ApiClient();
  client.basePath = address;
  Object.assign(client.authentications[scheme], { apiKey: key, apiKeyPrefix: kind });
  return new Api(client);
}

const integration = connect(TalonOne.IntegrationApi, "api_key_v1", "ApiKey-v1", integrationKey);
const management = connect(TalonOne.ManagementApi, "manager_auth", "ManagementKey-v1", managementKey);

const known = [integration, management].flatMap((api) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(api)).filter(
    (name) => /audience/i.test(name) && !name.endsWith("WithHttpInfo"),
  ),
);

const [first] = (await management.getAudiences({ pageSize: 1, sort: "-id", withTotalResultSize: true })).data;
const state = await integration.updateCustomerProfileV2(
  "c 1",
  { attributes: { Tier: "gold" }, audiencesChanges: { adds: [first.id], deletes: [] }, responseContent: ["customerProfile"] },
  { runRuleEngine: true },
);
const data = [{ action: "add", profileIntegrationId: "shop/42", audienceId: first.id }];
await integration.updateCustomerProfileAudiences({ data });
const found = await management.getCustomersByAttributes({ integrationIDs: ["c 1", "shop/42"] });
const refused = await integration
  .updateCustomerProfileAudiences({ data: [{ ...data[0], audienceId: 999 }] })
  .then(() => null, (error) => error.status);

console.log(
  JSON.stringify({
    known,
    audience: { id: first.id, name: first.name },
    joined: state.customerProfile.audienceMemberships.map((each) => each.id),
    members: found.data.map((each) => [each.integrationId, each.audienceMemberships.map((one) => one.id)]),
    refused,
  }),
);
