// The panel under the answer: which vendor calls it took, what of the filter each carried, and what was left to check here.
import { useSyncExternalStore } from "react";
import { askForPlan, readPlanState, watchPlanState } from "./plan-store.js";

const sum = (calls, name) => calls.reduce((total, call) => total + (call[name] ?? 0), 0);
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const duration = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString("en")} ms`;

/** Answers that took no call of their own: read before, or for somebody else at the same time. */
const REMEMBERED = {
  hit: "from the cache",
  shared: "shared with another read",
};

export function Plan() {
  const { asked, plan } = useSyncExternalStore(watchPlanState, readPlanState);
  return (
    <section className="plan" aria-label="Plan">
      <header>
        <h2>Plan</h2>
        <span>{summary(asked, plan)}</span>
        <label>
          <input type="checkbox" checked={asked} onChange={(event) => askForPlan(event.target.checked)} /> show
        </label>
      </header>
      <ol>
        {(plan?.calls ?? []).map((call, index) => (
          <Call key={index} call={call} />
        ))}
      </ol>
    </section>
  );
}

function summary(asked, plan) {
  if (!asked) return "answers come without the list of vendor calls";
  if (!plan) return "run an operation to see the vendor calls it makes";
  const ms = plan.durationMs ?? sum(plan.calls, "durationMs");
  const made = plan.calls.filter((call) => !REMEMBERED[call.cache]);
  return [
    count(made.length, "vendor call"),
    ...Object.entries(REMEMBERED).map(([cache, words]) => {
      const found = plan.calls.filter((call) => call.cache === cache).length;
      return found > 0 && `${count(found, "answer")} ${words}`;
    }),
    count(sum(plan.calls, "rows"), "row"),
    duration(ms),
  ]
    .filter(Boolean)
    .join(", ");
}

function Call({ call }) {
  return (
    <li>
      <div className="call">
        <strong>{call.purpose || call.operation}</strong>
        <span className="aside">{course(call)}</span>
        <span className="number">{call.rows != null && count(call.rows, "row")}</span>
        <span className="number">{call.durationMs != null && duration(call.durationMs)}</span>
      </div>
      <code>
        {call.method} {call.url}
      </code>
      <Part name="the vendor filters" parts={[call.pushed ?? []].flat()} />
      <Part name="checked here" parts={[call.residual ?? []].flat()} asides={call.reasons} />
      {call.error && <div className="failed">{call.error}</div>}
    </li>
  );
}

/** Where the call went and what is worth a word about its way: many keys at once, the cache, further attempts. */
function course(call) {
  return [
    call.source,
    call.keys != null && count(call.keys, "key"),
    REMEMBERED[call.cache],
    call.attempts > 1 && `${call.attempts} attempts (${(call.retries ?? []).join(", ")})`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function Part({ name, parts, asides = [] }) {
  if (parts.length === 0 && asides.length === 0) return null;
  return (
    <div>
      <span className="aside">{name}:</span> {parts.map((part, index) => [index > 0 && " and ", <code key={part}>{part}</code>])}{" "}
      <span className="aside">{asides.join("; ")}</span>
    </div>
  );
}
