/// How every page of Martlet looks: dark or light as the reader has it, on a phone, on paper, with a keyboard.
package enum PageStyle {
    /// Colours are of even contrast on both grounds (4.5 : 1 and more). Classes: `muted`, `mono`, `good`, `fair`, `bad`,
    /// `badge`, `card`, `wide` (scrolls by itself when the page is narrow), `no-print`.
    static let shared: StaticString = """
        :root{--ground:#fff;--raised:#f5f6f8;--line:#d5d9e0;--text:#1b1f27;--muted:#5a6372;--accent:#0b5cad;
        --good:#17693a;--fair:#8a5200;--bad:#b3201f;color-scheme:light dark}
        @media (prefers-color-scheme:dark){:root{--ground:#12151b;--raised:#1b2029;--line:#363e4c;--text:#e6e9ef;
        --muted:#a0a9b8;--accent:#7ab8ff;--good:#6fce93;--fair:#e5b567;--bad:#ff8e87}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:76rem;padding:1rem 1.25rem 4rem;background:var(--ground);color:var(--text);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
        h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
        h3{font-size:1rem;margin:1.25rem 0 .25rem}p{margin:.4rem 0}
        a{color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        table{border-collapse:collapse;width:100%;font-size:.93em}
        th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
        th{color:var(--muted);font-weight:600}td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
        code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
        pre{white-space:pre-wrap;background:var(--raised);padding:.6rem;border-radius:.4rem;margin:.4rem 0}
        .muted{color:var(--muted)}.good{color:var(--good)}.fair{color:var(--fair)}.bad{color:var(--bad)}
        .badge{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .5rem;font-size:.8em}
        .card{background:var(--raised);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin:.6rem 0}
        .wide{overflow-x:auto}summary{cursor:pointer}
        input,select,button{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--line);
        border-radius:.35rem;padding:.3rem .6rem;max-width:100%}
        svg text{fill:var(--text);font:12px system-ui,sans-serif}svg .muted{fill:var(--muted)}
        @media (max-width:40rem){body{padding:.75rem .75rem 3rem}th,td{padding-right:.4rem}}
        @media print{body{max-width:none;padding:0;font-size:11px}.no-print{display:none}
        details>*{display:block}a{color:inherit;text-decoration:none}h2,h3{break-after:avoid}tr,.card{break-inside:avoid}}
        """
}
