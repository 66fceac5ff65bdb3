/** The look of the page: one column, quiet, light or dark as the reader's system is, and fit for print. */

/** The style sheet. */
export const style = `
:root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1d2126;--soft:#5c6570;--line:#e3e5e8;--band:#f3f4f6;
--good:#1a7f4b;--bad:#c62f2f;--warn:#a86200;--wait:#7a4fc0;--info:#1f6fbf;--gone:#6b7480;--focus:#1f6fbf}
@media(prefers-color-scheme:dark){:root{--bg:#121417;--card:#1a1d21;--ink:#e7e9ec;--soft:#9ba4af;--line:#2d3238;--band:#22262b;
--good:#4cc38a;--bad:#ff7b72;--warn:#e0a240;--wait:#b69bf1;--info:#6cb2f5;--gone:#8b95a1;--focus:#6cb2f5}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html[lang=en] [lang=zh],html[lang=zh] [lang=en]{display:none}
body{margin:0;background:var(--bg);color:var(--ink);line-height:1.55;font-size:15px;
font-family:system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",sans-serif}
main,header{max-width:1120px;margin:0 auto;padding:0 28px}
header{padding-top:44px;display:flex;align-items:flex-start;gap:24px}
header>div{flex:1}
h1{font-size:27px;font-weight:640;letter-spacing:-.015em;margin:0;line-height:1.3}
h2{font-size:15px;font-weight:600;margin:0}
h3{font-size:13px;font-weight:600;color:var(--soft);margin:24px 0 8px}
h3 span,th span,label span,summary span{display:inline-block}
h3 span::first-letter,th span::first-letter,label span::first-letter,.cap::first-letter,.cap span::first-letter{text-transform:uppercase}
.lede{margin:6px 0 0;color:var(--soft)}
.lede b{font-weight:600}
code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.92em}
button,input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:7px;padding:5px 10px;height:34px}
button{cursor:pointer}
input[type=checkbox]{height:auto;accent-color:var(--info);margin:0 6px 0 0}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
form{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:center;margin:26px 0 14px;font-size:14px}
form input[type=search]{width:200px}form input.short{width:130px}
form label{display:flex;align-items:center;gap:0;white-space:nowrap}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:500;font-size:12.5px;color:var(--soft);text-align:left;padding:7px 12px;border-bottom:1px solid var(--line);white-space:nowrap}
th button{all:unset;cursor:pointer}th button:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
td{padding:6px 12px;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
.num{text-align:right;white-space:nowrap}
.list{background:var(--card);border:1px solid var(--line);border-radius:10px;font-size:14px}
.list a{color:inherit;text-decoration:none;font-weight:520}.list a:hover{text-decoration:underline}
.list td:first-child,.list th:first-child{width:30px;padding-right:0}
.tag{display:inline-block;white-space:nowrap;font-size:12.5px;color:var(--bad)}
.tag.warns{color:var(--warn)}.tag.notes{color:var(--soft)}.tag:not(:last-child)::after{content:" ·";white-space:pre}.tag{margin-right:.35em}
.g{width:14px;height:14px;vertical-align:-2px;overflow:visible;flex:none}
.passed,.answered{color:var(--good)}.bad,.failed{color:var(--bad)}.refused,.warned{color:var(--warn)}.error{color:var(--bad)}.stalled,.unfinished{color:var(--wait)}
.cancelled,.left,.unknown{color:var(--gone)}.probe{color:var(--info)}
.run{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:14px 0;scroll-margin-top:12px}
.run>summary{list-style:none;cursor:pointer;padding:13px 18px;display:flex;gap:11px;align-items:baseline;border-radius:10px}
.run>summary::-webkit-details-marker{display:none}
.run>summary .g{align-self:center}
.run>summary .about{color:var(--soft);font-size:13px;margin-left:auto;text-align:right;white-space:nowrap}
.run>summary::after{content:"";width:7px;height:7px;border:solid var(--soft);border-width:0 1.5px 1.5px 0;transform:rotate(45deg);align-self:center;margin-left:4px}
.run[open]>summary::after{transform:rotate(-135deg)}
.body{padding:0 18px 18px}
.teaches{margin:0 0 14px;color:var(--soft);max-width:75ch}
.chart{display:block;width:100%;height:auto;font-size:11.5px}.chart.wide{min-width:760px}.chart.narrow{display:none}
.chart text{fill:var(--soft)}.chart .name{fill:var(--ink)}.chart .group{font-size:10.5px}
.chart .tick{stroke:var(--line)}.chart .base{stroke:var(--line)}
.chart .phase{fill:var(--band)}.chart .cap{font-weight:600}
.chart .fault{fill:var(--warn);opacity:.55}
.chart .state{fill:var(--bad);opacity:.1}.chart .edge{stroke:var(--bad);opacity:.5}.chart text.in{fill:var(--bad);font-size:10.5px}
.chart .span{stroke:currentColor;stroke-width:1.5;opacity:.4}
.chart .many{fill:currentColor;opacity:.6}
.chart .ring{fill:none;stroke:var(--bad);stroke-width:1.2}
.chart text.no{fill:var(--bad);font-size:10px;font-weight:700;text-anchor:middle}
.chart [data-c]{cursor:pointer}
.no-probes .probe{display:none!important}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 0;padding:0;list-style:none;font-size:12.5px;color:var(--soft)}
.legend li{color:var(--soft)}.legend .g{margin-right:5px}
.findings{margin:0;padding:0;list-style:none}
.findings li{border-left:3px solid var(--bad);padding:2px 0 2px 13px;margin:10px 0}
.findings b{color:var(--bad)}.findings .warns{border-color:var(--warn)}.findings .warns b{color:var(--warn)}.findings .notes{border-color:var(--line)}.findings .notes b{color:var(--soft)}.findings p{margin:2px 0;max-width:90ch;overflow-wrap:anywhere}
.findings .refs{color:var(--soft);font-size:13px}
.findings .refs a{color:inherit}
.findings code{color:var(--soft);white-space:nowrap}
.figures{display:flex;flex-wrap:wrap;gap:2px 18px;color:var(--soft);margin:18px 0 0;padding:0;list-style:none;font-size:13.5px;font-variant-numeric:tabular-nums}
.again{margin:10px 0 0;color:var(--soft);font-size:13px;display:flex;flex-wrap:wrap;gap:4px 10px;align-items:baseline}
.again .cap{white-space:nowrap}
.again code{user-select:all;color:var(--ink);background:var(--band);border-radius:5px;padding:3px 8px;white-space:pre;overflow-x:auto;max-width:100%}
.calls{margin-top:16px}
.calls>summary{cursor:pointer;color:var(--soft);font-size:13.5px}
.calls table{font-size:13px;margin-top:8px}
.calls ol{margin:0;padding:0;list-style:none}
.calls td{white-space:nowrap}
.calls .error{color:var(--bad);overflow-wrap:anywhere;max-width:70ch;white-space:normal}
.calls tr:target td,.calls tr.here td{background:var(--band)}
.note{color:var(--soft);font-size:13px;margin:10px 0 0}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.defs{position:absolute}
.soft{color:var(--soft)}
footer{height:60px}
@media(max-width:720px){.chart.wide{display:none}.chart.narrow{display:block}
main,header{padding-left:16px;padding-right:16px}.run>summary .about{display:none}
.run>summary::after{margin-left:auto}
form input[type=search],form select{flex:1 1 130px;min-width:0}
.calls .error{min-width:24ch;max-width:40ch}
.list .wide{display:none}
.list thead .kinds,.list thead .who{display:none}
.list tr{display:flex;flex-wrap:wrap;border-bottom:1px solid var(--line)}.list tbody tr:last-child{border-bottom:0}
.list td,.list th{border:0}.list td:nth-child(2),.list th:nth-child(2){flex:1}
.list .kinds,.list .who{order:1;width:100%;padding:0 12px 8px 42px}.list .who{color:var(--soft)}.list .kinds:empty{display:none}.list .tag{white-space:normal}}
@media print{:root{--bg:#fff}form,header button{display:none}body{font-size:11px}.run,.list{break-inside:avoid;border-color:#ccc}
header{padding-top:0}.calls:not([open]){display:none}.chart.wide{min-width:0}.again code{white-space:pre-wrap}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`
