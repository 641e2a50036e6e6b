import pytest

from pipelines.reading.modality import find_modality
from pipelines.reading.quantities import find_quantities
from pipelines.reading.script import normalise


def modalities(text: str) -> list[str]:
    normalised = normalise(text)
    return [find_modality(normalised, (0, len(text)), quantity)[0] for quantity in find_quantities(text, normalised)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("失业率为4.4%", "a"),
        ("预计明年增长2%", "p"),
        ("成长6%，优于预期", "a"),
        ("逊于市场预期的3.4%", "p"),
        ("不如分析師預期的9萬人，更不如去年的17萬人", "pa"),
        ("失业率将攀升至6%", "p"),
        ("将税率从7%提高到12%", "aa"),
        ("挪威将其仓位缩减了14亿美元", "a"),
        ("将在明年达到4万亿美元", "p"),
        ("如果油价涨至120美元，增速将放缓1%", "hp"),
        ("若去年没有补贴，赤字会达到3万亿美元", "h"),
        ("每加息1个百分点，利息多付3000亿美元", "hh"),
        ("汽油每加仑3.1美元", "a"),
        ("一旦跌破40%，麻烦就大了", "h"),
        ("模型预计2025年第四季度GDP增长5.1%", "p"),
        ("市场预期一季度GDP增长3%", "p"),
        ("高盛料2025年第四季度GDP增长2.5%", "p"),
        ("原料2025年涨价5%", "a"),
        ("承诺投资6000亿美元", "p"),
        ("已完成6000亿美元投资", "a"),
        ("目前的18%将升至23%", "ap"),
        ("可能高达700亿美元", "p"),
        ("社会福利支出3000亿美元", "a"),
        ("国会拨款3000亿美元", "a"),
        ("维持3%的增长目标", "p"),
        ("央行宣布降息50个基点", "a"),
        ("主要是15%的增值税", "a"),
        ("还有9条正在规划中", "p"),
        ("到2030年有望翻两番", "p"),
    ],
)
def test_modality(text, expected):
    assert "".join(modalities(text)) == expected
