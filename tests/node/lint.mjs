// Lints the API schema and prints each finding as JSON: graphql-eslint's recommended schema rules, a description on
// everything, and inputs named for what they are.
//   node lint.mjs <file with the API schema>
import { readFile } from "node:fs/promises";
import graphqlPlugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";
import { buildASTSchema, isInterfaceType, isObjectType, parse } from "graphql";

const [file] = process.argv.slice(2);
const schema = await readFile(file, "utf8");

/** Name the object types that are no Node: values of what holds them, with no identity of their own to demand an id of. */
function valueTypes() {
  const built = buildASTSchema(parse(schema), { assumeValid: true });
  const node = built.getType("Node");
  const isNode = (type) => isInterfaceType(node) && built.isSubType(node, type);
  return Object.values(built.getTypeMap())
    .filter((type) => isObjectType(type) && !isNode(type))
    .map(({ name }) => name);
}

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
        ...graphqlPlugin.configs["flat/schema-recommended"].rules,
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
        "@graphql-eslint/strict-id-in-types": ["error", { exceptions: { types: valueTypes() } }],
        "@graphql-eslint/input-name": ["error", { checkInputType: true, checkMutations: true }],
      },
    },
  ],
});
const [{ messages }] = await eslint.lintText(schema, { filePath: "schema.graphql" });
console.log(JSON.stringify(messages.map(({ ruleId, message, line }) => ({ ruleId, message, line }))));
