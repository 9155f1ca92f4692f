// Whether each thing that can have the focus shows it, unhidden. Evaluated after a key was pressed, so that the browser
// shows the focus as it does for people with a keyboard; gives lines of faults.
() => {
    const faults = [];
    const focusable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
    const describe = (element) => {
        const text = (element.getAttribute("aria-label") || element.textContent || element.name || "").trim();
        return `<${element.localName}> “${text.replace(/\s+/g, " ").slice(0, 40)}”`;
    };
    const look = (element) => {
        const parts = [element, element.parentElement, ...(element.labels || [])];
        return parts.map((one) => {
            const style = getComputedStyle(one);
            return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
                style.borderWidth, style.backgroundColor, style.textDecorationLine, style.color].join();
        }).join(";");
    };
    const isCovered = (element) => {
        const box = element.getBoundingClientRect();
        const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
        return !points.some(([across, down]) => {
            const top = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
            return top && (element.contains(top) || top.contains(element) || [...(element.labels || [])].includes(top));
        });
    };
    // A grid has hundreds that look the same.
    const seen = new Map();
    const elements = [...document.querySelectorAll(focusable)].filter((element) => {
        if (element.disabled || element.tabIndex < 0) return false;
        if (!element.checkVisibility({ visibilityProperty: true })) return false;
        const kind = [element.localName, element.type, element.classList, element.getAttribute("role")].join();
        seen.set(kind, (seen.get(kind) || 0) + 1);
        return seen.get(kind) <= 3;
    });
    for (const element of elements) {
        element.blur();
        const before = look(element);
        element.focus();
        if (document.activeElement !== element) {
            faults.push(`cannot have the focus — ${describe(element)}`);
        } else if (look(element) === before) {
            faults.push(`does not show that it has the focus — ${describe(element)}`);
        } else if (isCovered(element)) {
            faults.push(`is covered while it has the focus — ${describe(element)}`);
        }
    }
    document.activeElement?.blur();
    window.scrollTo(0, 0);
    return faults;
}
