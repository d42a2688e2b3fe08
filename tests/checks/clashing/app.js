export function f(){return 1}
export const k={f(){return 2}};
const ab={g(){return 3}}, cd={g(){return 4}};
export {ab as 'a:b/i', cd as 'c:d/i'};
export const one={h(){return 5}}, two={h(){return 6}};
