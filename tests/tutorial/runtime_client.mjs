// A small client of the Lambda Runtime API: gives a handler its events, until it is killed. Arguments: the handler's file, and a file for
// the number of this process.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [, , file, pidFile] = process.argv;
const loaded = await import(pathToFileURL(resolve(file)).href);
const handler = loaded.handler ?? loaded.default.handler;
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
writeFileSync(pidFile, String(process.pid));

// Where the Runtime API has ended there is nothing more to do.
process.on("uncaughtException", () => process.exit(0));
process.on("unhandledRejection", () => process.exit(0));

for (;;) {
  const next = await fetch(`${api}/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id");
  const said = await handler(await next.json()).then(
    (answer) => ["response", answer],
    (error) => ["error", { errorType: error.name, errorMessage: error.message }],
  );
  await fetch(`${api}/${id}/${said[0]}`, { method: "POST", body: JSON.stringify(said[1]) });
}
