import { LightningElement, api } from "lwc";
import forRecord from "@salesforce/apex/ChatpaneLink.forRecord";

export default class Chatpane extends LightningElement {
    link = { url: "", token: "" };
    height = 400;
    frameName = `chatpane-${Math.random()}`;
    posted = "";
    problem = "";
    tries = 0;

    @api
    get recordId() { return this.record; }
    set recordId(id) {
        this.record = id;
        this.tries = 0;
        this.open();
    }

    get origin() { return this.posted && new URL(this.link.url).origin; }

    async open() {
        const asked = this.record;
        this.timer = clearTimeout(this.timer);
        this.opened = Date.now();
        try {
            const link = await forRecord({ recordId: asked });
            if (asked !== this.record) return;
            this.link = link;
            this.problem = "";
        } catch (error) {
            if (asked === this.record) this.problem = `Website chat cannot be shown: ${error.body?.message ?? error.message}`;
        }
    }

    openAnew() {
        if (this.timer || this.tries >= 3) return;
        this.tries += 1;
        this.timer = setTimeout(() => this.open(), Math.max(0, this.opened + 5000 - Date.now()));
    }

    renderedCallback() {
        if (this.link.token === this.posted) return;
        this.posted = this.link.token;
        this.template.querySelector("form").submit();
    }

    hello() {
        if (this.origin) this.refs.frame.contentWindow.postMessage({ type: "chatpane:hello" }, this.origin);
    }

    hear = ({ source, origin, data }) => {
        if (!this.origin || origin !== this.origin || source !== this.refs.frame?.contentWindow) return;
        if (data.height) this.height = data.height;
        if (data.type === "chatpane:height") this.tries = 0;
        if (data.type === "chatpane:needs-link") this.openAnew();
    };

    connectedCallback() { window.addEventListener("message", this.hear); }
    disconnectedCallback() {
        window.removeEventListener("message", this.hear);
        this.timer = clearTimeout(this.timer);
    }
}
