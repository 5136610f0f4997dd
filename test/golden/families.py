"""Writes families.json: logits of small LLaMA, Mistral and Qwen2 models as transformers computes them (float32, CPU).

Run with `python families.py` after `pip install torch==2.13.0 transformers==5.18.0`. The weights come from the integer
hash in `values`, which families.test.ts repeats, so that only configurations and logits are stored.
"""

import json
import pathlib

import numpy
import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM

SIZES = dict(
    vocab_size=29,
    hidden_size=32,
    intermediate_size=40,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
)
LLAMA3 = dict(
    rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16
)
CASES = {
    "LLaMA": dict(model_type="llama", rms_norm_eps=1e-5, rope_theta=500.0),
    "LLaMA 3 scaling, tied embeddings, own head size": dict(
        model_type="llama", head_dim=24, rope_theta=10000.0, rope_scaling=LLAMA3, tie_word_embeddings=True
    ),
    "Mistral with a sliding window": dict(model_type="mistral", head_dim=16, sliding_window=5),
    "Mistral without": dict(model_type="mistral", sliding_window=None, tie_word_embeddings=True),
    "Qwen2, tied embeddings": dict(model_type="qwen2", tie_word_embeddings=True, rope_theta=1e6),
    "Qwen2 with a sliding window": dict(
        model_type="qwen2", use_sliding_window=True, sliding_window=6, max_window_layers=0
    ),
}
IDS = [(7 * i * i + 3 * i + 1) % 29 for i in range(40)]


def values(name, shape):
    """Uniform in [-0.4, 0.4), around 1 for norms: a hash of the element's index and the parameter's name."""
    start = sum(ord(letter) * (i + 1) for i, letter in enumerate(name))
    x = numpy.arange(int(numpy.prod(shape)), dtype=numpy.uint32) + numpy.uint32(start * 65537 % 2**32)
    x = (x ^ (x >> 16)) * numpy.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * numpy.uint32(0x846CA68B)
    x = x ^ (x >> 16)
    uniform = (x >> 8).astype(numpy.float64) / 2**24 * 0.8 - 0.4
    centre = 1 if name.endswith("norm.weight") else 0
    return torch.tensor((uniform + centre).reshape(shape), dtype=torch.float32)


def main():
    torch.set_num_threads(1)
    cases = []
    for name, changes in CASES.items():
        fields = SIZES | changes
        config = AutoConfig.for_model(**fields)
        model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
        with torch.no_grad():
            for parameter_name, parameter in model.named_parameters():
                parameter.copy_(values(parameter_name, parameter.shape))
            logits = model(torch.tensor([IDS])).logits[0]
        cases.append(dict(name=name, config=fields, last=logits[-1].tolist(), middle=logits[19].tolist()))
    about = f"logits after ids[39] (last) and ids[19] (middle); torch {torch.__version__}, transformers {transformers.__version__}"
    result = dict(about=about, ids=IDS, cases=cases)
    pathlib.Path(__file__).with_name("families.json").write_text(json.dumps(result, indent=1) + "\n")


main()
