// The page: GraphiQL over this server, the example operations in its tabs, the plan under the answer.
import "./workers.js";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { Plan } from "./plan.jsx";
import { send } from "./send.js";

createRoot(document.getElementById("page")).render(
  <GraphiQL
    fetcher={send}
    defaultTabs={EXAMPLES.map((query) => ({ query }))}
    defaultEditorToolsVisibility={false}
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>Marketing Graph</GraphiQL.Logo>
    <GraphiQL.Footer>
      <Plan />
    </GraphiQL.Footer>
  </GraphiQL>,
);
