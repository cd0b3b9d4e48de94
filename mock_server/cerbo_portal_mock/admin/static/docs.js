// The contract as a page that can call the mock.

const config = JSON.parse(document.getElementById("config").textContent);
const [[user, password] = []] = config.passwords;

// The mock answers these with examples.
const stubs = new Set(Object.entries(config.operations).filter(([, operation]) => operation.stub).map(([id]) => id));

// Whether an operation is documented, inferred or assumed, and whether it is a stub, next to its path.
const marks = ({ React, specSelectors }) => ({
  wrapComponents: {
    OperationSummaryPath: (Path) => (props) => {
      const place = ["paths", props.operationProps.get("path"), props.operationProps.get("method")];
      const operation = specSelectors.specJson().getIn(place);
      const grade = operation.get("x-provenance");
      return React.createElement(
        React.Fragment,
        null,
        React.createElement(Path, props),
        grade && React.createElement("span", { className: `grade ${grade}` }, grade),
        stubs.has(operation.get("operationId")) && React.createElement("span", { className: "grade stub" }, "stub"),
      );
    },
  },
});

const ui = globalThis.SwaggerUIBundle({
  url: `${config.root}/openapi.json`,
  dom_id: "#contract",
  plugins: [marks],
  // Provenance and its sources are extensions.
  showExtensions: true,
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
  onComplete: () => user && ui.preauthorizeBasic("basicAuth", user, password),
});
