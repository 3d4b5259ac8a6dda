// Draws the charts of a page with plotly in the colours of the reader's theme.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const configuration = { displayModeBar: false, responsive: true, staticPlot: false };

function themed(figure) {
  const font = { family: token("sans"), size: 13, color: token("quiet") };
  const data = figure.data.map((trace) => {
    const ink = token(trace.meta?.ink ?? "ink");
    return {
      ...trace,
      line: { ...trace.line, color: ink },
      marker: { ...trace.marker, color: ink, line: { ...trace.marker?.line, color: ink } },
      textfont: { ...font, color: ink },
    };
  });
  const axis = { gridcolor: token("line"), zerolinecolor: token("line-2"), linecolor: token("line-2"), fixedrange: true };
  const layout = {
    ...figure.layout,
    font,
    height: 264,
    margin: { t: 48, r: 16, b: 32, l: 48 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    dragmode: false,
    hoverlabel: { bgcolor: token("paper"), bordercolor: token("line-2"), font: { ...font, color: token("ink") } },
    showlegend: data.length > 1,
    legend: { orientation: "h", x: 1, xanchor: "right", y: 1.26 },
    xaxis: { ...figure.layout.xaxis, ...axis, showgrid: false },
    yaxis: { ...figure.layout.yaxis, ...axis },
  };
  return { data, layout };
}

function draw() {
  for (const place of document.querySelectorAll("[data-chart]")) {
    const figure = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const { data, layout } = themed(figure);
    window.Plotly.react(place, data, layout, configuration);
  }
}

draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
