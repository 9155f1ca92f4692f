// What every page must be, as far as the page itself can tell: evaluated in it, gives lines of faults.
(options) => {
    const faults = [];
    const visible = (element) => element.checkVisibility({ visibilityProperty: true });
    const describe = (element) => {
        const text = (element.getAttribute("aria-label") || element.textContent || "").trim().replace(/\s+/g, " ");
        const classes = [...element.classList].map((name) => "." + name).join("");
        return `<${element.localName}${classes}> “${text.slice(0, 40)}”`;
    };
    const list = (what, elements) => {
        if (!elements.length) return;
        const shown = elements.slice(0, 4).map((one) => (one instanceof Element ? describe(one) : one)).join(", ");
        faults.push(`${what} — ${shown}${elements.length > 4 ? ` and ${elements.length - 4} more` : ""}`);
    };
    const isHiddenForEyes = (element) => {
        const box = element.getBoundingClientRect();
        return box.width <= 1 || box.height <= 1;
    };
    const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
    // What is placed absolutely leaves a region that scrolls unless the region, or something in it, is its frame.
    const staysInRegion = (element) => {
        for (let one = element; one && one !== document.body;) {
            const isPlaced = getComputedStyle(one).position === "absolute";
            one = isPlaced ? one.offsetParent : one.parentElement;
            if (one && one !== document.body && scrolls(one)) return true;
        }
        return false;
    };

    const frame = () => {
        const headings = [...document.querySelectorAll("h1")].filter(visible);
        if (headings.length !== 1) faults.push(`there are ${headings.length} first headings, not one`);
        if (!document.title.trim()) faults.push("the page has no title");
        if (!document.documentElement.lang) faults.push("the page does not say its language");
        if (document.querySelectorAll("main").length !== 1) faults.push("there is not one main part");
        const viewport = document.querySelector("meta[name=viewport]")?.content || "";
        if (!/width=device-width/.test(viewport)) faults.push("the page does not fit itself to a phone's width");
        if (/user-scalable\s*=\s*no|maximum-scale/.test(viewport)) faults.push("the page forbids enlarging it");
        if (document.compatMode !== "CSS1Compat") faults.push("the page has no doctype");
    };

    // With its styles, scripts and pictures, whether or not the browser had them already; as sent.
    const weight = () => {
        const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
        const bytes = entries.reduce((sum, entry) => sum + entry.encodedBodySize, 0);
        if (bytes > options.mostBytes) faults.push(`the page weighs more than ${options.mostBytes} bytes — ${bytes}`);
    };

    // A page may not be wider than the screen; what must be, scrolls inside a region that says so.
    const width = () => {
        const root = document.documentElement;
        if (root.scrollWidth > options.width) {
            faults.push(`the page is ${root.scrollWidth} wide on a screen of ${options.width}`);
            const wide = [...document.body.querySelectorAll("*")].filter((element) =>
                element.getBoundingClientRect().right > options.width + 1 &&
                visible(element) && !staysInRegion(element));
            list("too wide", wide.filter((element) => !wide.includes(element.firstElementChild)));
        }
        const unnamed = [...document.body.querySelectorAll("*")].filter((element) =>
            visible(element) && scrolls(element) && element.scrollWidth > element.clientWidth + 1 &&
            !(element.tabIndex >= 0 && element.getAttribute("role") &&
                (element.getAttribute("aria-label") || element.getAttribute("aria-labelledby"))) &&
            !element.matches("textarea, input, select"));
        list("scrolls sideways without a name, a role and a place in the tab order", unnamed);
    };

    const texts = () => {
        const found = new Map();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const element = node.parentElement;
            if (node.data.trim() && visible(element) && !element.closest("noscript, script, style, title, desc")) {
                found.set(element, node);
            }
        }
        return [...found.keys()];
    };

    // Letters that are drawn in a chart shrink with it: what counts is how large they are in the end.
    const sizeOf = (element) => {
        const size = parseFloat(getComputedStyle(element).fontSize);
        const matrix = element instanceof SVGElement && element.getScreenCTM?.();
        return matrix ? size * Math.hypot(matrix.a, matrix.b) : size;
    };

    const isCut = (element) => element.scrollWidth > element.clientWidth + 1;
    const legible = (elements) => {
        const small = elements.filter((element) => !isHiddenForEyes(element) && sizeOf(element) < options.smallestText);
        list(`letters smaller than ${options.smallestText} pixels`,
            small.map((element) => `${describe(element)} at ${sizeOf(element).toFixed(1)}`));
        const cut = elements.filter((element) => {
            const style = getComputedStyle(element);
            return !(element instanceof SVGElement) && !isHiddenForEyes(element) && isCut(element) &&
                /hidden|clip/.test(style.overflowX) && style.textOverflow !== "ellipsis";
        });
        list("text that is cut off", cut);
        // The ellipsis may be that of a box around the words.
        const boxes = new Set(elements.flatMap((element) => [element, element.parentElement]));
        const bare = [...boxes].filter((element) => {
            const style = getComputedStyle(element);
            return style.textOverflow === "ellipsis" && visible(element) && isCut(element) &&
                element.clientWidth < 4 * parseFloat(style.fontSize);
        });
        list("text of which a few letters are left", bare);
    };

    // What a template makes of a value that is none, or of a name that it does not know.
    const leaks = (elements) => {
        const needed = /^(href|src|action|for|id|aria-labelledby|aria-describedby)$/;
        const leak = /\bnil\b|Optional\(|\bundefined\b|\bNaN\b|\[object |\{\{|\}\}/;
        list("shows a value that is none", elements.filter((element) =>
            [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && leak.test(node.data))));
        list("has an attribute of a value that is none", [...document.querySelectorAll("*")].filter((element) =>
            [...element.attributes].some(({ name, value }) =>
                leak.test(value) || (value === "" && needed.test(name)))));
    };

    const fields = () => {
        const zooming = [...document.querySelectorAll("input, select, textarea")].filter((element) =>
            visible(element) && !/checkbox|radio|range|hidden|submit|button|color|file/.test(element.type) &&
            parseFloat(getComputedStyle(element).fontSize) < 16);
        // Phones enlarge the whole page when such a field gets the focus, and leave it so.
        if (options.isPhone) list("fields with letters of less than 16 pixels", zooming);
    };

    // People who read with difficulty have their browser space letters and lines, by which nothing may be lost
    // (WCAG 1.4.12).
    const spaced = () => {
        const before = faults.length;
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important }
            * { word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
        document.adoptedStyleSheets.push(sheet);
        width();
        legible(texts());
        document.adoptedStyleSheets.pop();
        const known = new Set(faults.slice(0, before));
        const added = faults.splice(before).filter((fault) => !known.has(fault));
        faults.push(...added.map((fault) => `with letters spaced, ${fault}`));
    };

    if (options.isNarrowest) {
        width();
        return faults.map((fault) => `at ${options.width} pixels, ${fault}`);
    }
    frame();
    weight();
    width();
    legible(texts());
    leaks(texts());
    fields();
    spaced();
    return faults;
}
