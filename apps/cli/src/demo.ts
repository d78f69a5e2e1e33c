/**
 * What `npm start` shows: the command line at work on a simulated API, with nothing to configure. With arguments it is the
 * command line itself: `npm start -- status 412651 --server sandbox`.
 *
 * @module
 */
const args = process.argv.slice(2)

if (args.length > 0) await import("./main.ts")
else (await import("./Demonstration.ts")).demonstrate()
