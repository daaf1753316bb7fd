// What the plan panel shows: whether a plan is asked for, and the one of the last answer.
const KEY = "marketing-graph:explain";

let state = { asked: localStorage.getItem(KEY) !== "no", plan: null };
const listeners = new Set();

function change(part) {
  state = { ...state, ...part };
  listeners.forEach((listener) => listener());
}

export const readPlanState = () => state;

export function watchPlanState(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function askForPlan(asked) {
  localStorage.setItem(KEY, asked ? "yes" : "no");
  change({ asked, plan: null });
}

export const showPlan = (plan) => change({ plan: plan ?? null });
