// The contract as a page that can call the mock.

const config = JSON.parse(document.getElementById("config").textContent);
const [[user, password] = []] = config.passwords;

// Whether an operation is documented, inferred or assumed, beside its path.
const provenance = ({ React, specSelectors }) => ({
  wrapComponents: {
    OperationSummaryPath: (Path) => (props) => {
      const place = ["paths", props.operationProps.get("path"), props.operationProps.get("method"), "x-provenance"];
      const grade = specSelectors.specJson().getIn(place);
      return React.createElement(
        React.Fragment,
        null,
        React.createElement(Path, props),
        React.createElement("span", { className: `grade ${grade}` }, grade),
      );
    },
  },
});

const ui = globalThis.SwaggerUIBundle({
  url: `${config.root}/openapi.json`,
  dom_id: "#contract",
  plugins: [provenance],
  // Provenance and its sources are extensions.
  showExtensions: true,
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
  onComplete: () => user && ui.preauthorizeBasic("basicAuth", user, password),
});
