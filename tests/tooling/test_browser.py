"""The browser that the tests of the pages use."""

from playwright.sync_api import Browser


def test_the_browser_draws_a_page_and_runs_its_script(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<p id=dose></p><script>dose.textContent = (0.05 * 20).toFixed(2) + ' mL'</script>")
    assert page.inner_text("#dose") == "1.00 mL"
    context.close()
