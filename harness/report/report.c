#include "report/report.h"

const struct report_format report_formats[] = {
        {"junit", "reports/junit.xml", report_junit},
        {"tap", "reports/results.tap", report_tap},
        {"json", "reports/results.json", report_json},
        {NULL, NULL, NULL},
};
