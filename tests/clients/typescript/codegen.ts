import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: ["*.ts", "operations/*.graphql"],
  generates: {
    "gql/": {
      preset: "client",
      config: {
        documentMode: "string", // operations stay texts: fetch is all the client needs
        enumsAsTypes: true,
        importExtension: ".js",
        emitLegacyCommonJSImports: false,
        useTypeImports: true,
        strictScalars: true, // a new scalar stops the build instead of becoming any
        scalars: { DateTime: "string", Date: "string", JSON: "unknown" },
      },
    },
  },
};

export default config;
