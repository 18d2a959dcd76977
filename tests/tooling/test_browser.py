"""The browser that the tests of the pages use."""

from playwright.sync_api import Browser

from tests.clinic.axe import found_by_axe


def test_the_browser_draws_a_page_and_runs_its_script(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<p id=dose></p><script>dose.textContent = (0.05 * 20).toFixed(2) + ' mL'</script>")
    assert page.inner_text("#dose") == "1.00 mL"
    context.close()


def test_axe_says_what_a_page_breaks_and_of_these_rules_alone(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<html lang=en><title>Dose</title><main><h1>Dose</h1><p style='color: #ccc'>0.05 mL</p><input>")
    assert [line.split(":")[0] for line in found_by_axe(page)] == ["color-contrast", "label"]
    (line,) = found_by_axe(page, ["color-contrast"])
    assert "0.05 mL" in line
    context.close()
