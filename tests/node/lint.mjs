// Lints the API schema and prints each finding as JSON: graphql-eslint's recommended schema rules, a description on
// everything, and inputs named for what they are.
//   node lint.mjs <file with the API schema> <the types of what only one vendor says, joined by commas>
import { readFile } from "node:fs/promises";
import graphqlPlugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";

const [file, ofVendors = ""] = process.argv.slice(2);
const schema = await readFile(file, "utf8");

/** Types without an id of their own, each with its reason; any other object type must be a Node. */
const WITHOUT_ID = {
  AudienceMembership: "known by its person and its audience",
  CampaignStatistics: "numbers of the campaign it stands below",
  CustomField: "a pair of key and value of its record",
  EmailCheck: "what a vendor says of an address, which is nothing it keeps",
  EventLink: "a part of its event, and its id may be missing",
  EventSeries: "numbers of what was counted",
  ImportManifest: "a part of its import",
  ListMembership: "known by its person and its list",
  ListSeries: "numbers of what was counted",
  ListStatistics: "numbers of the list it stands beside",
  ManifestField: "a part of an import's manifest",
  ManifestFormat: "a part of an import's manifest",
  ManifestSource: "a part of an import's manifest",
  MarketingPerson: "what was found in several sources, which is nothing anybody keeps",
  MarketingSource: "known by its name in the settings",
  PageInfo: "Relay's, a part of its connection",
  PersonConflict: "a part of its person",
  PersonConflictValue: "a part of its person",
  PersonSubscription: "a part of its person",
  PersonProfile: "a part of its person; its record has an id",
  PersonWritePart: "a part of a write about a person everywhere; its operation has an id",
  RevisionCombination: "a choice of fragments within its revision",
  SourceCapability: "a part of its source",
  SourceCompleteness: "a part of its connection",
  SourceCoverage: "what its source can do with one kind of record",
  SourceStatistics: "what its source counts",
  StatisticsPoint: "one number of a series",
  Unsubscribe: "an entry of a vendor's list, which the vendor gives no id",
  WriteError: "a part of its write",
  WriteItem: "known by its write and its place",
  WriteItemCount: "numbers of its write",
  WriteRequest: "what a dry run would send, which is nothing that is kept",
  WriteRequestHeader: "a header of what a dry run would send",
  ...Object.fromEntries(
    ofVendors.split(",").map((name) => [name, "what one vendor says of the record it stands in"]),
  ),
};
// parts of a page as Relay names them, and what a mutation answers: nobody asks for either by id
const PASSING = ["Connection", "Edge", "Payload"];

const recommended = graphqlPlugin.configs["flat/schema-recommended"].rules;
const [severity, names] = recommended["@graphql-eslint/naming-convention"];
const OBJECT_TYPES = "ObjectTypeDefinition,ObjectTypeExtension";
// an `EventType` is a record at the vendor, a type of event, and is named by the design: not a suffix on `Event`
const namesOfTypes = { ...names[OBJECT_TYPES], ignorePattern: "^EventType$" };

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ["**/*.graphql"],
      languageOptions: {
        parser: graphqlPlugin.parser,
        parserOptions: { graphQLConfig: { schema } },
      },
      plugins: { "@graphql-eslint": graphqlPlugin },
      rules: {
        ...recommended,
        "@graphql-eslint/naming-convention": [severity, { ...names, [OBJECT_TYPES]: namesOfTypes }],
        "@graphql-eslint/require-description": [
          "error",
          {
            types: true,
            rootField: true,
            DirectiveDefinition: true,
            EnumValueDefinition: true,
            FieldDefinition: true,
            InputValueDefinition: true,
          },
        ],
        "@graphql-eslint/strict-id-in-types": ["error", { exceptions: { types: Object.keys(WITHOUT_ID), suffixes: PASSING } }],
        "@graphql-eslint/input-name": [
          "error",
          // types begin with a capital, whatever the mutation begins with
          { checkInputType: true, checkMutations: true, caseSensitiveInputType: false },
        ],
      },
    },
  ],
});
const [{ messages }] = await eslint.lintText(schema, { filePath: "schema.graphql" });
console.log(JSON.stringify(messages.map(({ ruleId, message, line }) => ({ ruleId, message, line }))));
