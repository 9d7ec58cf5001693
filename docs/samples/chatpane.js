import { LightningElement, api } from "lwc";
import forRecord from "@salesforce/apex/ChatpaneLink.forRecord";

export default class Chatpane extends LightningElement {
    link = { url: "", token: "" };
    height = 400;
    frameName = `chatpane-${Math.random()}`;
    posted = "";
    tries = 0;

    @api
    get recordId() { return this.record; }
    set recordId(id) { this.record = id; this.open(); }

    async open() {
        const asked = this.record;
        const link = await forRecord({ recordId: asked });
        if (asked === this.record) this.link = link;
    }

    renderedCallback() {
        if (this.link.token === this.posted) return;
        this.posted = this.link.token;
        this.template.querySelector("form").submit();
    }

    hello() {
        if (this.posted) this.refs.frame.contentWindow.postMessage({ type: "chatpane:hello" }, new URL(this.link.url).origin);
    }

    hear = ({ source, data }) => {
        if (!this.refs?.frame || source !== this.refs.frame.contentWindow) return;
        if (data.height) this.height = data.height;
        if (data.type === "chatpane:height") this.tries = 0;
        if (data.type === "chatpane:needs-link" && this.tries < 3) {
            this.tries += 1;
            this.open();
        }
    };

    connectedCallback() { window.addEventListener("message", this.hear); }
    disconnectedCallback() { window.removeEventListener("message", this.hear); }
}
