#include "report/report.h"

const struct report_format report_formats[] = {
        {"junit", "reports/junit.xml", report_junit},        {"tap", "reports/results.tap", report_tap},
        {"json", "reports/results.json", report_json},       {"html", "reports/report.html", report_html},
        {"markdown", "reports/summary.md", report_markdown}, {NULL, NULL, NULL},
};
