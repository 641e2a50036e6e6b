from datetime import date

import pytest

from pipelines.reading.articles import GivenDetails, describe_article
from pipelines.reading.claims import find_claims


def speakers(text: str) -> list[str | None]:
    article = describe_article(text, article_id="x", given=GivenDetails(published_on=date(2025, 6, 30)))
    return [claim.attributed_to for claim in find_claims(article).claims]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("据美国财政部数据，国债总额为36万亿美元。", "美国财政部"),
        ("根据国会预算办公室（CBO）的最新报告，赤字将达1.9万亿美元。", "国会预算办公室"),
        ("按照世界银行的标准，贫困线为每天3美元。", "世界银行"),
        ("《經濟學人》雜誌指出，美國債務已達36兆美元。", "經濟學人"),
        ("據《彭博》報導，美國債務已達36兆美元。", "彭博"),
        ("高盛分析师预计，失业率将升至4.5%。", "高盛"),
        ("美國財政部長貝森特周二在國會作證時表示，赤字為1.9兆美元。", "貝森特"),
        ("摩根大通首席执行官戴蒙警告称，衰退概率为50%。", "戴蒙"),
        ("纽约联储的调查显示，家庭债务为18.2万亿美元。", "纽约联储"),
        ("国际货币基金组织预测，明年增速为1.7%。", "国际货币基金组织"),
        ("美联储对今年通胀的预测上调至3.0%。", "美联储"),
        ("低于华尔街预期的2.5%。", "华尔街"),
        ("穆迪将评级下调，并预计赤字率将达9%。", "穆迪"),
        ("【財經中心／台北報導】美國勞工部公布，8月CPI年增2.9%。", "美國勞工部"),
        ("（北京综合讯）中国海关总署公布，10月出口下降1.1%。", "中国海关总署"),
        ("4、CME数据显示，降息概率为88%。", "CME"),
        ("国会预算办公室（CBO）今年1月预测，债务将升至GDP的118%。", "国会预算办公室"),
        ("国际货币基金组织7月则将今年经济增长预期上调至3%。", "国际货币基金组织"),
        ("亞特蘭大聯儲GDPNow模型把第三季增長預測由3.1%上調。", "亞特蘭大聯儲"),
        ("芝商所FedWatch顯示，降息機率為92.7%。", "芝商所FedWatch"),
        ("Challenger, Gray & Christmas指出，裁员约110万人。", "Challenger, Gray & Christmas"),
        ("白宫经济顾问委员会估算，每周损失150亿美元。", "白宫经济顾问委员会"),
        ("“经济只增长了1.2%，”穆迪分析公司的马克·赞迪说。", "马克·赞迪"),
        ("占比从20%提到了22%。", None),
        ("“赤字将达1.9万亿美元。”", None),
        ("据估算，赤字将达1.9万亿美元。", None),
        ("数据显示，国债总额为36万亿美元。", None),
        ("有人说，国债总额为36万亿美元。", None),
        ("赤字预计将达1.9万亿美元。", None),
        ("说白了，国债总额为36万亿美元。", None),
        ("号称总额为36万亿美元。", None),
    ],
)
def test_speaker(text, speaker):
    assert speakers(text)[0] == speaker


def test_speaker_after_what_was_said():
    assert speakers("国债总额将达50万亿美元，财政部长耶伦说。") == ["耶伦"]


def test_speaker_reaches_over_its_own_sentence_only():
    assert speakers("耶伦表示，赤字为1.8万亿美元，利息为1万亿美元。债务为36万亿美元。") == ["耶伦", "耶伦", None]


def test_pronoun_stands_for_the_last_speaker():
    assert speakers("耶伦表示，赤字为1.8万亿美元。她还说，利息为1万亿美元。") == ["耶伦", "耶伦"]


def test_report_without_a_name_stands_for_the_last_speaker():
    assert speakers("美国劳工部公布，5月失业率为4.2%。报告还显示，时薪上涨3.9%。") == ["美国劳工部", "美国劳工部"]


def test_figure_in_brackets_is_not_what_was_said():
    assert speakers("特朗普宣布对汽车征收25%的关税（此前为2.5%）。") == ["特朗普", None]


def test_name_is_as_written():
    assert speakers("據美國勞工部數據，失業率為4.2%。") == ["美國勞工部"]
