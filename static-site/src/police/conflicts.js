// What could not be sent as it was meant: the case as it was thought of, as it stands now, and a choice.
import { fill, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { ask } from "./ask.js";
import { mark } from "./list.js";
import { again as sendAgain, drop } from "./outbox.js";
import { store } from "./store.js";

/** @param {any} found @param {(next: any, words: string) => void} done */
export function conflictOf(found, done) {
  return store.outbox.filter(({ id }) => id === found.id).map((deed) => {
    if (deed.state === "waiting") return h("p", { class: "allowance warn" }, icon("cloud-off"), h("span", {}, t("outbox.waiting_case", { name: deed.title, when: momentText(deed.at) })),
      h("button", { type: "button", class: "button", onclick: () => { drop(deed.key); done(null, t("outbox.dropped")); } }, t("outbox.drop")));
    const now = deed.current?.status;
    const section = h("section", { class: "conflict", "aria-labelledby": `c-${deed.key}` }, h("h2", { id: `c-${deed.key}` }, icon("triangle-alert"), t(deed.state === "conflict" ? "conflict.title" : "conflict.refused")),
      h("div", { class: "both" },
        h("div", {}, h("h3", {}, t("conflict.mine")), h("p", {}, h("strong", {}, deed.title)), deed.body.reason && h("p", {}, t(`reason.${deed.path.endsWith("pause") ? "pause_" : ""}${deed.body.reason}`)), deed.body.public_note && h("blockquote", { class: "words" }, deed.body.public_note), h("small", {}, momentText(deed.at))),
        h("div", {}, h("h3", {}, t("conflict.now")), now ? h("p", { class: "badge" }, mark(now), t(`status.${now}`)) : h("p", {}, deed.detail ?? ""), deed.current?.reason && h("p", {}, t(`reason.${deed.current.reason}`)))),
      h("div", { class: "row" },
        h("button", { type: "button", class: "button primary", onclick: async () => { drop(deed.key); done((await fresh(found.id)) ?? null, t("conflict.left")); } }, t("conflict.leave")),
        deed.state === "conflict" && h("button", { type: "button", class: "button", onclick: async () => {
          const outcome = await sendAgain(deed);
          if (outcome.outcome === "refused") fill(section, h("p", { class: "problem", role: "alert" }, outcome.refusal.errors[0]?.message ?? outcome.refusal.detail), h("div", { class: "row" }, h("button", { type: "button", class: "button", onclick: async () => done((await fresh(found.id)) ?? null, t("conflict.left")) }, t("conflict.leave"))));
          else done(outcome.outcome === "done" ? outcome.case : null, outcome.outcome === "done" ? t("act.done", { name: deed.title }) : "");
        } }, t("conflict.again", { name: deed.title }))));
    return section;
  });
}

/** @param {string} id */
async function fresh(id) {
  const answer = await ask("GET", `reports/${encodeURIComponent(id)}`);
  if (answer.ok) store.cases.set(id, answer.body);
  return answer.ok ? answer.body : null;
}
